/** RE2's syntax as a tree. https://github.com/google/re2/wiki/Syntax: no backreferences, no looking around. */
import { escaped, inClass, named, type Test } from './characters.ts';

export type Node =
  | { kind: 'one'; test: Test }
  | { kind: 'all'; items: Node[] }
  | { kind: 'either'; items: Node[] }
  | { kind: 'repeat'; item: Node; least: number; most: number; greedy: boolean }
  | { kind: 'group'; item: Node; number: number }
  | { kind: 'at'; where: Place };

export type Place = 'begin' | 'end' | 'line-begin' | 'line-end' | 'word' | 'no-word';

export class SyntaxRefused extends Error {}

/** RE2's own limit of `{n}`. */
const REPEATS = 1_000;
const DEPTH = 100;

interface Flags {
  /** Letters of either case. */
  i: boolean;
  /** `.` takes a line's end too. */
  s: boolean;
  /** `^` and `$` are of lines. */
  m: boolean;
  /** Repeats take as little as they can. */
  U: boolean;
}

/** Throws SyntaxRefused for what RE2 does not take. */
export function parse(source: string): { root: Node; groups: number } {
  const reader = new Reader([...source]);
  const root = reader.either({ i: false, s: false, m: false, U: false }, 0);
  if (!reader.done) throw new SyntaxRefused('a ) too many');
  return { root, groups: reader.groups };
}

class Reader {
  readonly #text: string[];
  #at = 0;
  groups = 0;

  constructor(text: string[]) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** `a|b|c`, up to a `)` or the end. Flags that are set on the way hold to the end of the group. */
  either(flags: Flags, depth: number): Node {
    if (depth > DEPTH) throw new SyntaxRefused('groups too deep');
    const own = { ...flags };
    const items: Node[] = [this.#all(own, depth)];
    while (this.#took('|')) items.push(this.#all(own, depth));
    return items.length === 1 ? items[0]! : { kind: 'either', items };
  }

  #all(flags: Flags, depth: number): Node {
    const items: Node[] = [];
    while (!this.done && this.#peek() !== '|' && this.#peek() !== ')') {
      const atom = this.#atom(flags, depth);
      if (atom) items.push(this.#repeated(atom, flags));
    }
    return { kind: 'all', items };
  }

  #atom(flags: Flags, depth: number): Node | undefined {
    const char = this.#next();
    switch (char) {
      case '(':
        return this.#group(flags, depth);
      case '[':
        return { kind: 'one', test: folded(inClass(this.#class()), flags) };
      case '.':
        return { kind: 'one', test: each => flags.s || each !== '\n' };
      case '^':
        return { kind: 'at', where: flags.m ? 'line-begin' : 'begin' };
      case '$':
        return { kind: 'at', where: flags.m ? 'line-end' : 'end' };
      case '*':
      case '+':
      case '?':
        throw new SyntaxRefused(`nothing to repeat before ${char}`);
      case '\\':
        return this.#escape(flags);
      default:
        return { kind: 'one', test: folded(each => each === char, flags) };
    }
  }

  #escape(flags: Flags): Node {
    const places: Record<string, Place> = { A: 'begin', z: 'end', b: 'word', B: 'no-word' };
    const where = places[this.#peek() ?? ''];
    if (where) {
      this.#at += 1;
      return { kind: 'at', where };
    }
    if (this.#took('Q')) return this.#quoted(flags);
    const read = escaped(this.#text, this.#at);
    if (!read) throw new SyntaxRefused(`\\${this.#peek() ?? ''} means nothing`);
    this.#at = read.next;
    return { kind: 'one', test: folded(read.test, flags) };
  }

  /** `\Q…\E`: every character for itself; what repeats it repeats the last. */
  #quoted(flags: Flags): Node {
    const items: Node[] = [];
    while (!this.done && !(this.#peek() === '\\' && this.#text[this.#at + 1] === 'E')) {
      const char = this.#next();
      items.push({ kind: 'one', test: folded(each => each === char, flags) });
    }
    this.#at += 2;
    const last = items.pop();
    return { kind: 'all', items: last ? [...items, this.#repeated(last, flags)] : [] };
  }

  #group(flags: Flags, depth: number): Node | undefined {
    if (!this.#took('?')) return this.#captured(flags, depth);
    if (this.#took('P') || this.#peek() === '<') {
      const name = /^<[A-Za-z0-9_]+>/.exec(this.#text.slice(this.#at, this.#at + 64).join(''))?.[0];
      if (name === undefined) throw new SyntaxRefused('a group without a name');
      this.#at += name.length;
      return this.#captured(flags, depth);
    }
    const set = { ...flags };
    for (let on = true; ; ) {
      const char = this.#next();
      if (char === '-') on = false;
      else if (char === 'i' || char === 's' || char === 'm' || char === 'U') set[char] = on;
      else if (char === ':') return this.#closed(this.either(set, depth + 1));
      else if (char === ')') {
        Object.assign(flags, set);
        return undefined;
      } else throw new SyntaxRefused(`(?${char ?? ''} is no group`);
    }
  }

  #captured(flags: Flags, depth: number): Node {
    this.groups += 1;
    const number = this.groups;
    return { kind: 'group', item: this.#closed(this.either(flags, depth + 1)), number };
  }

  #closed(item: Node): Node {
    if (!this.#took(')')) throw new SyntaxRefused('a ) is missing');
    return item;
  }

  #repeated(atom: Node, flags: Flags): Node {
    let item = atom;
    for (let times = 0; ; times += 1) {
      const bounds = this.#bounds();
      if (!bounds) return item;
      if (times > 0) throw new SyntaxRefused('a repeat of a repeat');
      const lazy = this.#took('?');
      item = { kind: 'repeat', item, ...bounds, greedy: lazy === flags.U };
    }
  }

  #bounds(): { least: number; most: number } | undefined {
    if (this.#took('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#took('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.#took('?')) return { least: 0, most: 1 };
    const read = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 16).join(''));
    if (!read) return undefined;
    this.#at += read[0].length;
    const least = Number(read[1]);
    const most = read[2] === undefined ? least : read[3] === '' ? Number.POSITIVE_INFINITY : Number(read[3]);
    const finite = most === Number.POSITIVE_INFINITY ? least : most;
    if (least > most || finite > REPEATS) throw new SyntaxRefused('a repeat out of bounds');
    return { least, most };
  }

  /** Between `[` and its `]`: what it takes, and whether it is turned round. */
  #class(): { tests: Test[]; negated: boolean } {
    const negated = this.#took('^');
    const tests: Test[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.done) throw new SyntaxRefused('a ] is missing');
      const posix = named(this.#text.slice(this.#at, this.#at + 16).join(''));
      if (posix) {
        this.#at += posix.length;
        tests.push(posix.test);
        continue;
      }
      const from = this.#member();
      if (from.char === undefined || this.#peek() !== '-' || this.#text[this.#at + 1] === ']') {
        tests.push(from.test);
        continue;
      }
      this.#at += 1;
      const to = this.#member();
      const [low, high] = [from.char.codePointAt(0)!, to.char?.codePointAt(0) ?? -1];
      if (low > high) throw new SyntaxRefused('a range that ends before it begins');
      tests.push(each => each.codePointAt(0)! >= low && each.codePointAt(0)! <= high);
    }
    this.#at += 1;
    return { tests, negated };
  }

  #member(): { test: Test; char: string | undefined } {
    const char = this.#next();
    if (char === undefined) throw new SyntaxRefused('a ] is missing');
    if (char !== '\\') return { test: each => each === char, char };
    const read = escaped(this.#text, this.#at);
    if (!read) throw new SyntaxRefused('an escape that means nothing');
    this.#at = read.next;
    return { test: read.test, char: read.char };
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #next(): string | undefined {
    const char = this.#text[this.#at];
    this.#at += 1;
    return char;
  }

  #took(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }
}

function folded(test: Test, { i }: Flags): Test {
  return i ? char => test(char) || test(char.toLowerCase()) || test(char.toUpperCase()) : test;
}
