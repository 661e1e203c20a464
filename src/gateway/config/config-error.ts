/** Something in the configuration file that cannot be used. */
export interface ConfigProblem {
  /** From 1 on; absent when the file as a whole is meant. */
  readonly line?: number;
  /** `upstream.url`; empty for the file as a whole. */
  readonly field: string;
  /** What to write. Never a value of the file or the environment. */
  readonly sentence: string;
}

/** The configuration cannot be used; the message has a line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'Config';
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => buildLine(file, problem)).join('\n'));
    this.problems = problems;
  }
}

function buildLine(file: string, { line, field, sentence }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}, line ${line}`;
  return field === '' ? `${place}: ${sentence}` : `${place}: ${field}: ${sentence}`;
}
