import { describe, expect, it } from 'vitest';
import { disagreements } from './compare.ts';
import type { Expected, Observed, Outcome } from './outcome.ts';

const ANSWER: Outcome = { status: 200, flags: 'DI', headers: {} };
const DELAYED: Expected = { chances: [{ share: 1, outcome: ANSWER }], mirrors: [], atLeast: 300 };

const seen = (...took: number[]): Observed[] => took.map(each => ({ outcome: ANSWER, mirrors: [], took: each }));

describe('a delay', () => {
  it('is as foretold though a busy proxy lets one of many go a little early', () => {
    expect(disagreements(DELAYED, seen(301, 305, 288, 310, 302))).toEqual([]);
  });

  it('is another one where half of the answers come early', () => {
    expect(disagreements(DELAYED, seen(290, 289, 301))).toEqual(['2 of 3 took less than 300 ms, one of them 289']);
  });

  it('is another one where a single answer comes far too early', () => {
    expect(disagreements(DELAYED, seen(301, 201, 305, 302, 303))).toEqual([
      '1 of 5 took less than 300 ms, one of them 201',
    ]);
  });
});

describe('what is counted', () => {
  const half = (status: number) => ({ share: 0.5, outcome: { ...ANSWER, flags: '-', status } });
  const answers = (status: number, times: number): Observed[] =>
    Array.from({ length: times }, () => ({ outcome: half(status).outcome, mirrors: [], took: 1 }));
  const evenly: Expected = { chances: [half(200), half(500)], mirrors: [], atLeast: 0 };

  it('fits within what chance explains, and not beyond', () => {
    expect(disagreements(evenly, [...answers(200, 110), ...answers(500, 140)])).toEqual([]);
    expect(disagreements(evenly, [...answers(200, 60), ...answers(500, 190)])).toHaveLength(2);
  });

  it('is told where nobody foretold it', () => {
    expect(disagreements(evenly, [...answers(200, 20), ...answers(500, 20), ...answers(404, 1)])).toEqual([
      'unforeseen: {"flags":"-","headers":{},"status":404}',
    ]);
  });
});
