/** What an edit comes to: the objects to write, or why there are none. */
import type { Finding } from '../../plan.ts';
import type { Phrase } from '../../view.ts';

export interface Choose {
  kind: 'choose';
  argument: string;
  question: Phrase;
  choices: { value: string; label: string }[];
}

export interface Refused {
  kind: 'refused';
  findings: Finding[];
}

export interface Nothing {
  kind: 'nothing';
  why: Phrase;
}

/** One error that blocks. `fix` is the next step. */
export function refuse(code: string, path: string, message: string, fix: string): Refused {
  return { kind: 'refused', findings: [{ code, severity: 'error', path, message, fix }] };
}
