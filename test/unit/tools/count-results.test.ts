import { expect, test } from 'vitest';
import { countResults } from '../../../tools/count-results.ts';

const passed = { status: 'passed' };
const failed = { status: 'failed' };

function report(files: { status: string; assertionResults: { status: string }[] }[], skipped = 0): string {
  const all = files.flatMap((file) => file.assertionResults);
  return JSON.stringify({
    numPassedTests: all.filter((one) => one.status === 'passed').length,
    numFailedTests: all.filter((one) => one.status === 'failed').length,
    numPendingTests: skipped,
    numTodoTests: 0,
    testResults: files,
  });
}

test('tests are counted', () => {
  const text = report([{ status: 'failed', assertionResults: [passed, passed, failed] }], 2);
  expect(countResults(text, false)).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

test('a file that did not load is one failure', () => {
  const text = report([
    { status: 'passed', assertionResults: [passed] },
    { status: 'failed', assertionResults: [] },
  ]);
  expect(countResults(text, false)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a run that failed although every test passed is one failure', () => {
  const text = report([{ status: 'passed', assertionResults: [passed] }]);
  expect(countResults(text, false)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(countResults(text, true)).toEqual({ passed: 1, failed: 0, skipped: 0 });
});

test('a run without a report is one failure', () => {
  expect(countResults('', false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
