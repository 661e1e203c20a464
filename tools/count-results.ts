export interface Total {
  readonly passed: number;
  readonly failed: number;
  /** Also those marked as to be written. */
  readonly skipped: number;
}

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts vitest's JSON report. A file that failed without a failed test (it did not load, or a hook threw) counts as one
 * failure. So does a run that failed for a reason that no test shows, or that ended without a report (empty text).
 */
export function countResults(report: string, succeeded: boolean): Total {
  if (report === '') return { passed: 0, failed: 1, skipped: 0 };
  const results = JSON.parse(report) as Results;
  const brokenFiles = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = results.numFailedTests + brokenFiles.length;
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}
