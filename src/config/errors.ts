/** Everything that is wrong with how meshbot was started, told at once. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  /** One sentence each, with the next step. */
  readonly problems: string[];
  constructor(problems: string[], options?: { cause?: unknown }) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}
