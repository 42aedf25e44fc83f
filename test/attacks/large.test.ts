/** A VirtualService as large as the API server takes it: planned while others still get through, or plainly refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/object.ts';
import { MESH, RIKO } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { wordsOf } from '../words.ts';

const REVIEWS = {
  ...{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' },
};
/** Each but the last about 200 characters. */
const routes = (count: number): JsonObject[] => [
  ...Array.from({ length: count }, (_, index) => ({
    match: [{ uri: { prefix: `/${index}/${'x'.repeat(80)}` } }],
    route: [{ destination: { host: 'reviews', subset: 'v2' } }],
  })),
  { route: [{ destination: { host: 'reviews', subset: 'v1' } }] },
];

describe('a very large VirtualService', () => {
  let world: LocalWorld;
  beforeAll(async () => {
    world = await startLocalWorld();
  });
  afterAll(() => world.close());

  async function shifted(count: number): Promise<string> {
    const { kubernetes } = world.cluster;
    const object = kubernetes.get(REVIEWS);
    kubernetes.apply({ ...object!, spec: { hosts: ['reviews'], http: routes(count) } });
    const before = world.slack.messages(MESH.id).length;
    await world.slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50');
    const card = () => wordsOf(world.slack.messages(MESH.id)[before]?.blocks);
    await world.slack.until(() => /"Approve"|Refused/.test(card()), 25_000);
    return card();
  }

  it('is planned, and what is not named one by one is counted', async () => {
    const card = await shifted(1_500);
    expect(card).toContain('"Approve"');
    // A table that is cut shows what moves.
    expect(card.indexOf('all other requests')).toBeLessThan(card.indexOf('more of'));
    expect(card).toContain('1500 other routes stay as they are');
  }, 30_000);

  it('is refused by name where its plan could not be kept', async () => {
    expect(await shifted(4_200)).toMatch(/VirtualService default\/reviews has \d+ kB/);
  }, 30_000);
});
