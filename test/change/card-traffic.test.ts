/** What a card says of the traffic that a plan moves. */
import { describe, expect, it } from 'vitest';
import { notesBeside, trafficParts } from '../../src/change/card-traffic.ts';
import type { StoredPlan } from '../../src/change/meshchange.ts';
import { plain } from '../../src/change/phrases.ts';
import type { TrafficRow } from '../../src/plan.ts';
import type { Part } from '../../src/view.ts';
import { planOf } from './world/plans.ts';

const JASON = { match: 'end-user = jason', destination: 'reviews v2', before: 100, after: 100 };
const OTHERS = [
  { match: 'all other requests', destination: 'reviews v2', before: 100, after: 50 },
  { match: 'all other requests', destination: 'reviews v3', before: 0, after: 50 },
];

function stored(traffic: TrafficRow[], byVersion?: Record<string, number>): StoredPlan {
  const plan = { ...planOf('Send 50 % of reviews to v3', ['reviews'], [], 50), traffic, notes: [] };
  const rates = byVersion && { byVersion, window: 120, at: 1_000 };
  return { ...plan, revision: 1, digest: 'd', at: 1, ...(rates && { rates }) };
}

const partsOf = (plan: StoredPlan) => trafficParts(plan, { brief: false });
const sentence = (parts: Part[]) => plain(parts.flatMap(part => (part.kind === 'text' ? [part.text] : []))[0] ?? '');
const note = (parts: Part[]) => plain(parts.flatMap(part => (part.kind === 'note' ? [part.text] : []))[0] ?? '');
const cells = (parts: Part[]) =>
  parts.flatMap(part => (part.kind === 'table' ? part.rows.map(row => row.map(plain)) : []));
const chart = (parts: Part[]) => parts.flatMap(part => (part.kind === 'bars' ? [part] : []))[0];

describe('the traffic on a card', () => {
  it('is told in requests per second of all that were counted', () => {
    const parts = partsOf(stored(OTHERS, { v2: 2480 }));
    expect(sentence(parts)).toBe('1,240 of 2,480 requests/s move v2 → v3.');
    expect(cells(parts)).toEqual([
      ['all other requests', 'reviews v2', '100 %, 2,480/s', '50 %, 1,240/s'],
      ['all other requests', 'reviews v3', '0 %', '50 %, 1,240/s'],
    ]);
    expect(chart(parts)).toMatchObject({
      unit: 'requests/s',
      series: [{}, { bars: [{ value: 1240 }, { value: 1240 }] }],
    });
    expect(note(parts)).toMatch(/^Measured over 2 min: v2 2,480\/s\. All other rates are computed/);
  });

  it('says which requests stay, and no more of a route than can be known', () => {
    const parts = partsOf(stored([JASON, ...OTHERS], { v2: 2480 }));
    expect(sentence(parts)).toBe('at most 1,240 of 2,480 requests/s move v2 → v3; end-user = jason stays on v2.');
    expect(cells(parts)[0]).toEqual(['end-user = jason', 'reviews v2', '100 %, ≤ 2,480/s', '100 %, ≤ 2,480/s']);
    expect(note(parts)).toContain('Istio does not count by route');
    expect(chart(parts)?.title).toBe('Traffic of reviews, at most');
  });

  it('names the route where it is not the one for all others', () => {
    const moved = [
      { ...JASON, after: 0 },
      { ...JASON, destination: 'reviews v3', before: 0, after: 100 },
      { match: 'all other requests', destination: 'reviews v1', before: 100, after: 100 },
    ];
    expect(sentence(partsOf(stored(moved, { v1: 90, v2: 10 })))).toBe(
      '10 of 10 requests/s where end-user = jason move v2 → v3; all other requests stay on v1.',
    );
  });

  it('falls back to shares where nothing is measured', () => {
    const parts = partsOf(stored([JASON, ...OTHERS]));
    expect(sentence(parts)).toBe('50 % of all other requests move v2 → v3; end-user = jason stays on v2.');
    expect(cells(parts)[1]).toEqual(['all other requests', 'reviews v2', '100 %', '50 %']);
    expect(chart(parts)?.unit).toBe('%');
    expect(note(parts)).toBe('');
  });

  it('says so where nothing was counted', () => {
    const parts = partsOf(stored(OTHERS, { v2: 0 }));
    expect(sentence(parts)).toBe('50 % of all other requests move v2 → v3.');
    expect(note(parts)).toContain('counted no requests to reviews over 2 min');
  });

  it('tells of copies as copies, for they are no requests of their own', () => {
    const copies = { match: 'copies of all requests', destination: 'reviews v3', before: 0, after: 20 };
    const all = { match: 'all requests', destination: 'reviews v1', before: 100, after: 100 };
    expect(sentence(partsOf(stored([all, copies], { v1: 50 })))).toBe(
      '20 % of all requests are copied to v3; all requests stay on v1.',
    );
    expect(cells(partsOf(stored([all, copies], { v1: 50 })))[1]?.[3]).toBe('20 %, 10/s');
  });

  it('does not say twice that a route stays', () => {
    const plan = stored([JASON, ...OTHERS]);
    plan.notes = [[{ bold: 'end-user = jason' }, ' stays: 100 % to reviews v2.'], 'Something else.'];
    expect(notesBeside(plan)).toEqual(['Something else.']);
  });
});
