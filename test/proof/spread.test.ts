/** What can be proven where a Service spreads requests over its versions by itself, and no weight says in which shares. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/proof/judging.ts';

const asked = { sent: 40, least: 20, confidence: 99, host: 'reviews.default' };

describe('a service that spreads its requests by itself', () => {
  it('is right whatever each version got, and the numbers are said', () => {
    const judged = judge({ v1: 24, v2: 10, v3: 6 }, { shares: {}, spread: 100 }, asked);
    expect(judged.verdict).toBe('proven');
    expect(judged.summary).toBe(
      '40 requests reached reviews.default, which spreads them over its versions by itself: v1 24, v2 10, v3 6',
    );
  });

  it('still owes a version the share that a weight gives it', () => {
    const half = { shares: { v3: 50 }, spread: 50 };
    expect(judge({ v1: 10, v2: 4, v3: 26 }, half, asked).verdict).toBe('proven');
    const judged = judge({ v1: 36, v3: 4 }, half, asked);
    expect(judged.verdict).toBe('not-proven');
    expect(judged.summary).toContain('v3 got 4 of 40, which 50 % to 100 % does not explain');
  });

  it('gives no version more than weight and spread together explain', () => {
    const judged = judge({ v1: 39, v3: 1 }, { shares: { v3: 80 }, spread: 20 }, asked);
    expect(judged.summary).toContain('v1 got 39 of 40, which 0 % to 20 % does not explain');
  });

  it('is not proven by too few requests', () => {
    expect(judge({ v1: 5 }, { shares: {}, spread: 100 }, asked)).toMatchObject({
      verdict: 'not-proven',
      unknown: true,
    });
  });
});
