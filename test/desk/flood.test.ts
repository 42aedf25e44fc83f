import { expect, it } from 'vitest';
import { Flood, MOST_LINES, WITHIN_MS } from '../../src/desk/flood.ts';

function clockAt(start: number) {
  const clock = { at: start, now: () => clock.at, sleep: async () => {} };
  return clock;
}

it("limits one person's flood and nobody else's", () => {
  const flood = new Flood(clockAt(1_000));
  const answers = Array.from({ length: MOST_LINES + 1 }, () => flood.take('URIKO'));
  expect(answers.slice(0, -1)).toEqual(Array(MOST_LINES).fill(undefined));
  expect(answers.at(-1)).toBe(WITHIN_MS);
  expect(flood.take('USAM')).toBeUndefined();
});

it('listens again after the time that it named', () => {
  const clock = clockAt(1_000);
  const flood = new Flood(clock);
  for (let line = 0; line < MOST_LINES; line++) flood.take('URIKO');
  const wait = flood.take('URIKO')!;
  clock.at += wait - 1;
  expect(flood.take('URIKO')).toBe(1);
  clock.at += 1;
  expect(flood.take('URIKO')).toBeUndefined();
});
