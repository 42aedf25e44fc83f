import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/object.ts';
import type { Case, Probe } from './case.ts';
import { shrunk, smallestThat, type Trial } from './shrink.ts';

const PROBE: Probe = { client: 'plain-a', host: 'reviews', port: 80, path: '/', method: 'GET', headers: {} };

const made = (name: string, spec: JsonObject) => ({
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'truth-b' },
    spec,
  },
  young: false,
});

/** Twelve objects of three routes each. */
const LARGE: Case = {
  slot: 'k013',
  imports: [],
  probes: [PROBE, PROBE],
  made: Array.from({ length: 12 }, (_, index) =>
    made(`route-${index}`, {
      hosts: ['reviews-k013', 'ratings-k013'],
      http: ['a', 'b', 'c'].map(prefix => ({ match: [{ uri: { prefix }, port: 80 }], timeout: '1s' })),
    }),
  ),
};

/** Disagrees for a route of `route-7` with prefix b, whatever else there is. */
const disagrees = ({ made: all }: Case) =>
  all.some(({ object }) => {
    const http = (object.spec?.http ?? []) as JsonObject[];
    return object.metadata.name === 'route-7' && JSON.stringify(http).includes('"prefix":"b"');
  });

const forever = { slots: 160, isOver: () => false };

describe('a disagreement', () => {
  it('loses all that it does not need, and keeps the one request', async () => {
    const found = await shrunk(LARGE, PROBE, forever, async cases => cases.map(disagrees));
    expect(found[0]).toEqual({ ...LARGE, probes: [PROBE] });
    const least = found.at(-1)!;
    expect(least.made.map(({ object }) => [object.metadata.name, object.spec])).toEqual([
      ['route-7', { http: [{ match: [{ uri: { prefix: 'b' } }] }] }],
    ]);
    expect(least).toMatchObject({ slot: 'k013', probes: [PROBE] });
  });

  it('is tried in slots of its own kind, as many at once as there are', async () => {
    const seen: string[][] = [];
    const trial: Trial = async cases => {
      seen.push(cases.map(each => each.slot));
      return cases.map(disagrees);
    };
    await shrunk(LARGE, PROBE, { ...forever, slots: 40 }, trial);
    for (const slots of seen) expect(slots).toEqual(['k003', 'k013', 'k023', 'k033'].slice(0, slots.length));
    expect(seen.length).toBeLessThan(40);
  });

  it('is left as small as it got when the time is over', async () => {
    let trials = 0;
    const trial: Trial = async cases => {
      trials += 1;
      return cases.map(disagrees);
    };
    const found = await shrunk(LARGE, PROBE, { ...forever, isOver: () => trials >= 2 }, trial);
    const least = found.at(-1)!;
    expect(trials).toBe(2);
    expect(least.made.length).toBeLessThan(LARGE.made.length);
    expect(disagrees(least)).toBe(true);
  });

  it('is the smallest that still is one when it is asked about strictly', async () => {
    const steps = [3, 2, 1].map(count => ({ ...LARGE, made: LARGE.made.slice(0, count) }));
    const strictly = (least: number) => async (step: Case) => (step.made.length >= least ? step : undefined);
    const inTime = () => false;
    expect(await smallestThat(steps, strictly(1), inTime)).toBe(steps[2]);
    expect(await smallestThat(steps, strictly(2), inTime)).toBe(steps[1]);
    expect(await smallestThat(steps, strictly(4), inTime)).toBeUndefined();
    expect(await smallestThat(steps, strictly(1), () => true)).toBeUndefined();
  });
});
