/** What is wrong with the templates, all of it at once, each with its file and line. */

export interface Flaw {
  file: string;
  /** From 1; 0 where no line can be named. */
  line: number;
  message: string;
}

export class TemplateError extends Error {
  override name = 'TemplateError';
  readonly flaws: Flaw[];
  constructor(flaws: Flaw[], options?: { cause?: unknown }) {
    super(
      flaws.map(({ file, line, message }) => `${file}${line > 0 ? `:${line}` : ''}: ${message}`).join('\n'),
      options,
    );
    this.flaws = flaws;
  }
}
