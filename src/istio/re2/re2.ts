/**
 * Regular expressions as Envoy reads them: RE2's syntax, and RE2's promise that time grows with the text alone, whoever
 * wrote the expression. Pike's machine: all ways are followed at once, in order of preference.
 */
import { WORD } from './characters.ts';
import { type Node, type Place, parse, SyntaxRefused } from './syntax.ts';

type Step =
  | { op: 'one'; test: (char: string) => boolean }
  | { op: 'split'; first: number; second: number }
  | { op: 'save'; slot: number }
  | { op: 'at'; where: Place }
  | { op: 'match' };

/** Steps; Envoy itself warned of more than a hundred. */
const MOST = 2_000;

/** Characters of an expression. */
const LONGEST = 4_096;

/** Where a match is, and its groups; undefined: a group took no part. */
interface Found {
  begin: number;
  end: number;
  groups: (string | undefined)[];
}

export class Re2 {
  readonly #steps: Step[];
  readonly #slots: number;

  private constructor(steps: Step[], slots: number) {
    this.#steps = steps;
    this.#slots = slots;
  }

  /** undefined: RE2 does not take it, or it is too large to be followed. */
  static read(source: string): Re2 | undefined {
    if (source.length > LONGEST) return undefined;
    try {
      const { root, groups } = parse(source);
      const steps: Step[] = [];
      emit({ kind: 'group', item: root, number: 0 }, steps);
      push(steps, { op: 'match' });
      return new Re2(steps, 2 * (groups + 1));
    } catch (error) {
      if (error instanceof SyntaxRefused) return undefined;
      throw error;
    }
  }

  /** Whether all of the text fits. */
  matches(text: string): boolean {
    return this.#run([...text], 0, true) !== undefined;
  }

  /**
   * Every match in turn is replaced, but none of nothing just after another, as RE2's GlobalReplace has it. `by` is given
   * the groups; the first is the whole match.
   */
  replaceAll(text: string, by: (groups: (string | undefined)[]) => string): string {
    const chars = [...text];
    let out = '';
    let at = 0;
    let last = -1;
    while (at <= chars.length) {
      const found = this.#run(chars, at, false);
      if (!found) break;
      out += chars.slice(at, found.begin).join('');
      const isNothing = found.end === found.begin;
      if (!isNothing || found.begin !== last) out += by(found.groups);
      // After nothing, one character is passed by.
      if (isNothing) out += chars[found.end] ?? '';
      last = found.end;
      at = isNothing ? found.end + 1 : found.end;
    }
    return out + chars.slice(at).join('');
  }

  /** The leftmost match at or after `from`; `whole`: only one of everything from `from` on. */
  #run(chars: string[], from: number, whole: boolean): Found | undefined {
    let now: Ways = new Ways(this.#steps.length);
    let next: Ways = new Ways(this.#steps.length);
    let best: number[] | undefined;
    for (let at = from; at <= chars.length; at += 1) {
      if (best === undefined && (at === from || !whole)) this.#follow(now, 0, Array(this.#slots).fill(-1), chars, at);
      if (now.list.length === 0 && (best !== undefined || whole)) break;
      for (const { step, slots } of now.list) {
        const does = this.#steps[step]!;
        if (does.op === 'match') {
          if (whole && at < chars.length) continue;
          best = slots;
          // What comes after is less preferred.
          break;
        }
        if (does.op === 'one' && at < chars.length && does.test(chars[at]!)) {
          this.#follow(next, step + 1, slots, chars, at + 1);
        }
      }
      [now, next] = [next, now];
      next.clear();
    }
    return best && found(chars, best);
  }

  /** Adds all steps that are reached without taking a character, the preferred ones first. */
  #follow(ways: Ways, begin: number, held: number[], chars: string[], at: number): void {
    const stack: { step: number; slots: number[] }[] = [{ step: begin, slots: held }];
    for (let way = stack.pop(); way; way = stack.pop()) {
      const { step, slots } = way;
      if (!ways.isNew(step)) continue;
      const does = this.#steps[step]!;
      if (does.op === 'split') {
        stack.push({ step: does.second, slots }, { step: does.first, slots });
      } else if (does.op === 'save') {
        stack.push({ step: step + 1, slots: slots.with(does.slot, at) });
      } else if (does.op === 'at') {
        if (isAt(does.where, chars, at)) stack.push({ step: step + 1, slots });
      } else ways.list.push({ step, slots });
    }
  }
}

class Ways {
  readonly list: { step: number; slots: number[] }[] = [];
  readonly #seen: Uint8Array;

  constructor(steps: number) {
    this.#seen = new Uint8Array(steps);
  }

  isNew(step: number): boolean {
    if (this.#seen[step]) return false;
    this.#seen[step] = 1;
    return true;
  }

  clear(): void {
    this.list.length = 0;
    this.#seen.fill(0);
  }
}

function found(chars: string[], slots: number[]): Found {
  const groups: (string | undefined)[] = [];
  for (let slot = 0; slot < slots.length; slot += 2) {
    const [begin, end] = [slots[slot]!, slots[slot + 1]!];
    groups.push(begin < 0 || end < 0 ? undefined : chars.slice(begin, end).join(''));
  }
  return { begin: slots[0]!, end: slots[1]!, groups };
}

function isAt(where: Place, chars: string[], at: number): boolean {
  switch (where) {
    case 'begin':
      return at === 0;
    case 'end':
      return at === chars.length;
    case 'line-begin':
      return at === 0 || chars[at - 1] === '\n';
    case 'line-end':
      return at === chars.length || chars[at] === '\n';
    default: {
      const [left, right] = [WORD(chars[at - 1] ?? ''), WORD(chars[at] ?? '')];
      return (left !== right) === (where === 'word');
    }
  }
}

function push(steps: Step[], step: Step): number {
  if (steps.length >= MOST) throw new SyntaxRefused('too large');
  return steps.push(step) - 1;
}

function emit(node: Node, steps: Step[]): void {
  switch (node.kind) {
    case 'one':
      push(steps, { op: 'one', test: node.test });
      return;
    case 'at':
      push(steps, { op: 'at', where: node.where });
      return;
    case 'all':
      for (const item of node.items) emit(item, steps);
      return;
    case 'group':
      push(steps, { op: 'save', slot: 2 * node.number });
      emit(node.item, steps);
      push(steps, { op: 'save', slot: 2 * node.number + 1 });
      return;
    case 'either':
      emitEither(node.items, steps);
      return;
    case 'repeat':
      emitRepeat(node, steps);
  }
}

/** A jump is a split whose ways are the same. */
function emitEither([first, ...others]: Node[], steps: Step[]): void {
  if (!first) return;
  if (others.length === 0) {
    emit(first, steps);
    return;
  }
  const split = push(steps, { op: 'split', first: 0, second: 0 });
  emit(first, steps);
  const jump = push(steps, { op: 'split', first: 0, second: 0 });
  steps[split] = { op: 'split', first: split + 1, second: steps.length };
  emitEither(others, steps);
  steps[jump] = { op: 'split', first: steps.length, second: steps.length };
}

function emitRepeat({ item, least, most, greedy }: Extract<Node, { kind: 'repeat' }>, steps: Step[]): void {
  const fork = (on: number, off: number): Step =>
    greedy ? { op: 'split', first: on, second: off } : { op: 'split', first: off, second: on };
  for (let count = 0; count < least; count += 1) {
    const before = steps.length;
    emit(item, steps);
    // Nothing, however often it is repeated.
    if (steps.length === before) return;
  }
  if (most === Number.POSITIVE_INFINITY) {
    const split = push(steps, { op: 'match' });
    emit(item, steps);
    push(steps, { op: 'split', first: split, second: split });
    steps[split] = fork(split + 1, steps.length);
    return;
  }
  const splits: number[] = [];
  for (let count = least; count < most; count += 1) {
    splits.push(push(steps, { op: 'match' }));
    emit(item, steps);
  }
  for (const split of splits) steps[split] = fork(split + 1, steps.length);
}
