/** Lengths of time, rising shares and gates as people type them, and what they are told where they are none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import shift from '../../commands/shift.ts';
import { durationOf, sayDuration, writeDuration } from '../../src/duration.ts';
import { parse } from '../../src/grammar/parse.ts';

const vocabulary = { services: [], versions: () => [], changes: [], verbs: [], gateways: [] };

function read(line: string) {
  const parsed = parse(line, [shift], vocabulary);
  if (parsed.kind === 'command') return parsed.values;
  if (parsed.kind === 'empty') throw new Error('nothing was read');
  return [parsed.says]
    .flat()
    .map(span => (typeof span === 'string' ? span : Object.values(span)[0]))
    .join('');
}

describe('a shift by steps', () => {
  it('is read with all its gates, as Slack sends them', () => {
    const line = 'shift reviews v3 5,25,50,100 --every 10m --gate errors&lt;1% --gate p95&lt;500ms --for 2h';
    expect(read(line)).toEqual({
      service: 'reviews',
      version: 'v3',
      percent: [5, 25, 50, 100],
      every: 600_000,
      gate: [
        { measure: 'errors', below: 1 },
        { measure: 'p95', below: 500 },
      ],
      for: 7_200_000,
    });
  });

  it.each([
    ['"errors < 0.5 %"', { measure: 'errors', below: 0.5 }],
    ['p50<1.5s', { measure: 'p50', below: 1500 }],
    ['P95<=200ms', { measure: 'p95', below: 200 }],
  ])('takes the gate %s', (word, gate) => {
    expect(read(`shift reviews v3 5,50 --every 1m --gate ${word}`)).toMatchObject({ gate: [gate] });
  });

  it.each(['errors<1', 'errors<500ms', 'p95<1%', 'p99<1s', 'errors>1%', 'errors<0%', 'errors<101%', 'p95<0ms', 'fast'])(
    'does not take %s as a gate, and says what one looks like',
    word => {
      expect(read(`shift reviews v3 5,50 --every 1m --gate ${word}`)).toBe(
        `${word} is not a gate. Write errors<1%, p95<500ms or p50<1s.`,
      );
    },
  );

  it('takes only shares that rise', () => {
    expect(read('shift reviews v3 50')).toMatchObject({ percent: [50] });
    expect(read('shift reviews v3 5%,50%')).toMatchObject({ percent: [5, 50] });
    expect(read('shift reviews v3 50,25')).toMatch(/does not rise/);
    expect(read('shift reviews v3 25,25')).toMatch(/does not rise/);
    expect(read('shift reviews v3 25,,50')).toMatch(/not a/);
    expect(read('shift reviews v3 25,101')).toMatch(/not a/);
  });

  it('says the least and the most that a time may be', () => {
    expect(read('shift reviews v3 5,50 --every 1s')).toBe('1s is too short. The least is 5s.');
    expect(read('shift reviews v3 50 --for 8d')).toBe('8d is too long. The most is 7d.');
    expect(read('shift reviews v3 50 --for soon')).toBe('soon is not a length of time. Write 30m, 90s or 1h30m.');
  });
});

describe('a length of time', () => {
  it.each([
    ['90s', 90_000, '1 min 30 s'],
    ['1h30m', 5_400_000, '1 h 30 min'],
    ['1d', 86_400_000, '1 d'],
    ['250ms', 250, '250 ms'],
  ])('%s is %i ms and is told as %s', (text, ms, said) => {
    expect(durationOf(text)).toBe(ms);
    expect(sayDuration(ms)).toBe(said);
  });

  it.each(['', ' ', '10', 'm', '-5m', '5m1h', '1.5h', '5 m'])('is not %j', text => {
    expect(durationOf(text)).toBeUndefined();
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8_000_000_000 }), ms => {
        expect(durationOf(writeDuration(ms))).toBe(ms);
      }),
    );
  });
});
