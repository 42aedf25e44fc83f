/** What a receipt says of proxies, of what became of the change, and of before and after: no more than is known. */
import { describe, expect, it } from 'vitest';
import type { Doing, Receipt } from '../../src/change/meshchange.ts';
import { aboutObject } from '../../src/change/phrases.ts';
import { doingPart } from '../../src/change/receipt-doing.ts';
import { notStaying, proxiesPart, secondLookParts } from '../../src/change/receipt-parts.ts';
import { type Part, plain } from '../../src/view.ts';
import { serviceRef } from './world/plans.ts';

const ALL: NonNullable<Receipt['proxies']> = {
  ...{ known: 14, asked: 14, hold: 14, took: 412, behind: 0, other: 0, without: 0, unanswered: 0, names: [] },
};
const said = (part: Part) => (part.kind === 'text' || part.kind === 'note' ? plain(part.text) : '');

describe('what is said of proxies', () => {
  it('is how many hold the route, and when the last was seen to', () => {
    expect(said(proxiesPart(ALL))).toBe(
      '✅ 14 of 14 proxies hold the new route, the last seen 0.4 s after the write, by each Envoy’s own word.',
    );
  });

  it('names those that are behind', () => {
    const told = said(proxiesPart({ ...ALL, hold: 13, behind: 1, names: ['productpage-v1-x.default'] }));
    expect(told).toContain('⚠️ 13 of 14 proxies hold the new route');
    expect(told).toContain('1 still holds the route before it: productpage-v1-x.default.');
  });

  it('counts all that are to have it, and says what is not known of them and of others', () => {
    const told = said(proxiesPart({ ...ALL, known: 140, asked: 100, hold: 90, without: 6, unanswered: 4 }));
    expect(told).toContain('90 of 94 proxies hold the new route');
    expect(told).toContain('4 could not be asked; 6 have no route of it at all; 40 more were not asked.');
  });

  it('names each where it is told what it holds', () => {
    const some = { ...ALL, hold: 6, behind: 3, missing: 1, other: 1, without: 3, unanswered: 1 };
    const told = said(proxiesPart({ ...some, names: ['a.x', 'b.x', 'c.x', 'd.x', 'e.x'] }));
    expect(told).toBe(
      '⚠️ 6 of 11 proxies hold the new route, the last seen 0.4 s after the write, by each Envoy’s own word. ' +
        '2 still hold the route before it: a.x, b.x; 1 has no route of it, and is to have one: c.x; ' +
        '1 holds neither, but another route: d.x; 1 could not be asked: e.x; 3 have no route of it at all.',
    );
    // More than are named.
    const many = said(proxiesPart({ ...ALL, hold: 5, behind: 9, without: 0, names: ['a.x', 'b.x'] }));
    expect(many).toContain('9 still hold the route before it: a.x, b.x and 7 more.');
  });

  it('is no good news where some hold another route, do not answer, or none holds it', () => {
    const sign = (more: Partial<typeof ALL>) => said(proxiesPart({ ...ALL, ...more })).split(' ')[0];
    expect(sign({})).toBe('✅');
    expect(sign({ hold: 13, other: 1, names: ['a.default'] })).toBe('⚠️');
    expect(sign({ hold: 13, unanswered: 1, names: ['a.default'] })).toBe('⚠️');
    expect(sign({ hold: 13, unanswered: 1, why: 'pods/exec is forbidden' })).toBe('✅');
    expect(sign({ hold: 0, other: 14 })).toBe('⚠️');
  });

  it('is that nothing is known where nobody could be asked', () => {
    const { took: _, ...none } = { ...ALL, hold: 0, unanswered: 14, why: 'pods/exec is forbidden' };
    expect(said(proxiesPart(none))).toBe('Which proxies hold the new route is not known: pods/exec is forbidden.');
  });
});

describe('what is said after a minute', () => {
  const moved = [{ ref: serviceRef('a'), says: 'VirtualService default/a was changed by x', advice: 'Talk to them.' }];

  it('is on the card too where it did not stay, until it is undone', () => {
    expect(notStaying({ again: { at: 1, moved: [] } })).toEqual([]);
    expect(
      notStaying({ again: { at: 1, moved } })
        .map(said)
        .join(''),
    ).toContain('It did not stay as it was written.');
    expect(notStaying({ again: { at: 1, moved }, undoneBy: 'undo-1' })).toEqual([]);
  });

  it('is whether what was not live when it was proven is by now', () => {
    const live = secondLookParts({ at: 1, moved: [], proxies: ALL }).map(said).join(' ');
    expect(live).toContain('still as it was written');
    expect(live).toContain('It is live by now: 14 of 14 proxies hold the new route.');
    const behind = { ...ALL, hold: 13, behind: 1, names: ['productpage-v1-x.default'] };
    expect(secondLookParts({ at: 1, moved: [], proxies: behind }).map(said).join(' ')).toContain(
      'Still not live everywhere: 13 of 14 proxies hold the new route. The others: productpage-v1-x.default. Look at istiod',
    );
    const silent = { ...ALL, asked: 2, hold: 0, unanswered: 2 };
    expect(secondLookParts({ at: 1, moved: [], proxies: silent }).map(said).join(' ')).toContain(
      'Still not live everywhere: 0 of 2 proxies hold the new route. 2 could not be asked. Look at istiod',
    );
  });

  it('is who did it and what to do', () => {
    const [, list] = secondLookParts({ at: 1, moved });
    expect(list?.kind === 'bullets' && list.items.map(plain)).toEqual([
      'VirtualService default/a was changed by x. Talk to them.',
    ]);
  });
});

describe('before and after', () => {
  const doing = (byVersion: Doing['byVersion'], window: number): Doing => ({ byVersion, window, at: 1 });

  it('is told in words as it is drawn', () => {
    const before = doing({ v1: { rate: 2480, errors: 0, p95: 41.2 } }, 120);
    const after = doing({ v1: { rate: 1240, errors: 0.004, p95: 40 }, v3: { rate: 1240, p95: 1_340 } }, 50);
    const part = doingPart(before, after);
    expect(part?.kind === 'picture' && part.otherwise.split('\n')).toEqual([
      '2 min before, 50 s after',
      'Requests per second: v1 2,480/s → 1,240/s, v3 no requests → 1,240/s',
      'Answered with 5xx: v1 0 % → 0.4 %, v3 no requests → –',
      'Latency, 95 % within: v1 41.2 ms → 40.0 ms, v3 no requests → 1.3 s',
    ]);
    expect(part?.kind === 'picture' && part.alt).toContain('v1 2,480/s → 1,240/s');
  });

  it('is not drawn where one side is not known, or nobody asked the service', () => {
    const idle = doing({ v1: { rate: 0 } }, 60);
    expect(doingPart(undefined, idle)).toBeUndefined();
    expect(doingPart(idle, undefined)).toBeUndefined();
    expect(doingPart(idle, idle)).toBeUndefined();
  });
});

describe('a message about an object', () => {
  it('names it once, though the API server names it too', () => {
    const ref = serviceRef('reviews');
    expect(aboutObject(ref, 'weights do not sum to 100')).toBe(
      'VirtualService default/reviews: weights do not sum to 100',
    );
    const refused = 'VirtualService default/reviews: forbidden';
    expect(aboutObject(ref, refused)).toBe(refused);
  });
});
