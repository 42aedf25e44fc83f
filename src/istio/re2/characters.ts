/** Which characters an escape, a class or a name of RE2 stands for. */

/** Of one character, which may be two UTF-16 units. */
export type Test = (char: string) => boolean;

const DIGIT: Test = char => char >= '0' && char <= '9' && char.length === 1;
const SPACE: Test = char => '\t\n\f\r '.includes(char);
export const WORD: Test = char => /^[0-9A-Za-z_]$/.test(char);

const SETS: Record<string, Test> = { d: DIGIT, s: SPACE, w: WORD };
const CONTROLS: Record<string, string> = { a: '\x07', f: '\f', t: '\t', n: '\n', r: '\r', v: '\v' };

export interface Escaped {
  test: Test;
  /** Where it stands for one character. */
  char?: string;
  /** Index after it. */
  next: number;
}

/** `text[at]` is what follows the backslash. undefined: RE2 takes no such escape. */
export function escaped(text: string[], at: number): Escaped | undefined {
  const char = text[at];
  if (char === undefined) return undefined;
  const set = SETS[char.toLowerCase()];
  if (set) return { test: char === char.toLowerCase() ? set : not(set), next: at + 1 };
  if (char === 'p' || char === 'P') return property(text, at);
  const code = codeAt(text.slice(at, at + 10).join(''));
  if (code) return single(code.char, at + code.length);
  const control = CONTROLS[char];
  if (control !== undefined) return single(control, at + 1);
  return /^[0-9A-Za-z]$/.test(char) ? undefined : single(char, at + 1);
}

function single(char: string, next: number): Escaped {
  return { test: each => each === char, char, next };
}

/** `x7F`, `x{10FFFF}`, `012`. */
function codeAt(text: string): { char: string; length: number } | undefined {
  const read = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(text);
  if (read) {
    const code = Number.parseInt(read[1] ?? read[2]!, 16);
    return code <= 0x10ffff ? { char: String.fromCodePoint(code), length: read[0].length } : undefined;
  }
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text)?.[0];
  return octal === undefined
    ? undefined
    : { char: String.fromCodePoint(Number.parseInt(octal, 8)), length: octal.length };
}

/** `pL`, `p{Greek}`, `P{^Lu}`. */
function property(text: string[], at: number): Escaped | undefined {
  const read = /^[pP](?:\{(\^?)(\w+)\}|([A-Z]))/.exec(text.slice(at, at + 40).join(''));
  if (!read) return undefined;
  const name = read[2] ?? read[3]!;
  const test = propertyTest(name);
  if (!test) return undefined;
  const turned = (text[at] === 'P') !== (read[1] === '^');
  return { test: turned ? not(test) : test, next: at + read[0].length };
}

function propertyTest(name: string): Test | undefined {
  for (const spelled of [name, `Script=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${spelled}}$`, 'u');
      return char => pattern.test(char);
    } catch {
      // Not known by that name; the next may be.
    }
  }
  return undefined;
}

const NAMES: Record<string, RegExp> = {
  alnum: /^[0-9A-Za-z]$/,
  alpha: /^[A-Za-z]$/,
  ascii: /^\p{ASCII}$/u,
  blank: /^[\t ]$/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it names
  cntrl: /^[\x00-\x1f\x7f]$/,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[\t\n\v\f\r ]$/,
  upper: /^[A-Z]$/,
  word: /^[0-9A-Za-z_]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

/** `[:alpha:]` and `[:^alpha:]` at the beginning of `text`. */
export function named(text: string): { test: Test; length: number } | undefined {
  const read = /^\[:(\^?)([a-z]+):\]/.exec(text);
  const pattern = read && Object.hasOwn(NAMES, read[2]!) ? NAMES[read[2]!] : undefined;
  if (!read || !pattern) return undefined;
  return { test: char => pattern.test(char) !== (read[1] === '^'), length: read[0].length };
}

export function inClass({ tests, negated }: { tests: Test[]; negated: boolean }): Test {
  return char => tests.some(test => test(char)) !== negated;
}

function not(test: Test): Test {
  return char => !test(char);
}
