/** What rates by version can say of routes, and what they cannot. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratesByMatch } from '../../../src/istio/edit/plan/rates.ts';
import type { TrafficRow } from '../../../src/plan.ts';

const row = (match: string, destination: string, before: number, after = before): TrafficRow => ({
  ...{ match, destination, before, after },
});
const rates = (rows: TrafficRow[], measured: Record<string, number>) =>
  Object.fromEntries(ratesByMatch(rows, 'reviews', measured));

describe('requests/s of each route', () => {
  it('are all that was counted where there is one route', () => {
    const rows = [row('all requests', 'reviews v2', 100, 50), row('all requests', 'reviews v3', 0, 50)];
    expect(rates(rows, { v2: 2480 })).toEqual({ 'all requests': { rate: 2480, atMost: false } });
  });

  it('are told apart by the versions that only one of the routes leads to', () => {
    const rows = [row('end-user = jason', 'reviews v2', 100), row('all other requests', 'reviews v1', 100)];
    expect(rates(rows, { v1: 90, v2: 10 })).toEqual({
      'end-user = jason': { rate: 10, atMost: false },
      'all other requests': { rate: 90, atMost: false },
    });
  });

  it('are what one route leaves over of a version that two share', () => {
    const rows = [
      row('end-user = jason', 'reviews v2', 100),
      row('all other requests', 'reviews v1', 50),
      row('all other requests', 'reviews v2', 50),
    ];
    expect(rates(rows, { v1: 40, v2: 52 })).toEqual({
      'all other requests': { rate: 80, atMost: false },
      'end-user = jason': { rate: 12, atMost: false },
    });
  });

  it('are none where nobody counted a request at a version', () => {
    const rows = [row('end-user = jason', 'reviews v2', 100), row('all other requests', 'reviews v1', 100)];
    expect(rates(rows, { v1: 4 })).toEqual({
      'end-user = jason': { rate: 0, atMost: false },
      'all other requests': { rate: 4, atMost: false },
    });
  });

  it('are only bounded where routes share every version', () => {
    const rows = [row('end-user = jason', 'reviews v2', 100), row('all other requests', 'reviews v2', 100)];
    expect(rates(rows, { v2: 2480 })).toEqual({
      'end-user = jason': { rate: 2480, atMost: true },
      'all other requests': { rate: 2480, atMost: true },
    });
  });

  it('are only bounded beside a route that any version may answer', () => {
    const rows = [row('end-user = jason', 'reviews v2', 100), row('all other requests', 'reviews (any version)', 100)];
    const found = rates(rows, { v1: 10, v2: 12, v3: 11 });
    expect(found['end-user = jason']).toEqual({ rate: 12, atMost: true });
    expect(found['all other requests']).toEqual({ rate: 33, atMost: true });
  });

  it('leave out routes that do not lead to the service, and copies', () => {
    const rows = [
      row('/old', 'redirected to /new', 100),
      row('all other requests', 'reviews v1', 100),
      row('copies of all other requests', 'reviews v3', 20),
    ];
    expect(rates(rows, { v1: 7 })).toEqual({ 'all other requests': { rate: 7, atMost: false } });
  });

  it('are not known where nothing was counted', () => {
    expect(rates([row('all requests', 'reviews v1', 100)], { v1: 0 })).toEqual({});
  });

  it('never say less than went there, nor "exactly" what is not so', () => {
    const rate = fc.integer({ min: 0, max: 1000 });
    const share = fc.integer({ min: 0, max: 100 });
    const routes = fc.array(fc.record({ rate, share }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(routes, made => {
        const rows: TrafficRow[] = [];
        const measured: Record<string, number> = { v1: 0, v2: 0 };
        for (const [at, { rate, share }] of made.entries()) {
          rows.push(row(`r${at}`, 'reviews v1', share), row(`r${at}`, 'reviews v2', 100 - share));
          measured.v1! += (rate * share) / 100;
          measured.v2! += (rate * (100 - share)) / 100;
        }
        const found = ratesByMatch(rows, 'reviews', measured);
        for (const [at, { rate }] of made.entries()) {
          const said = found.get(`r${at}`);
          if (!said) expect(measured.v1! + measured.v2!).toBe(0);
          else if (said.atMost) expect(said.rate).toBeGreaterThanOrEqual(rate - 1e-6);
          else expect(said.rate).toBeCloseTo(rate, 6);
        }
      }),
    );
  });
});
