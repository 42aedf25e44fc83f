import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/object.ts';
import { MESH, RIKO } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { starsOf, tell } from './told.ts';

const REVIEWS = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'default',
  name: 'reviews',
};

describe('route, from the line to its receipt and back', { timeout: 120_000 }, () => {
  let world: LocalWorld;
  let before: JsonObject | undefined;
  const spec = () => world.cluster.kubernetes.get(REVIEWS)?.spec;

  beforeAll(async () => {
    world = await startLocalWorld();
    before = structuredClone(spec());
  }, 60_000);
  afterAll(() => world?.close());

  it('sends one user elsewhere, and proves that nobody else moved', async () => {
    expect(await starsOf(world, 10, 'mina')).toEqual(['none']);
    const { card, receipt } = await tell(world, '/mesh route reviews v3 --header end-user=mina');
    expect(card).toContain('Route reviews where end-user = mina to v3');
    expect(card).toContain('end-user = jason');
    expect(receipt).toContain('Proven: consistent with 100 % to v3 (40 requests');
    expect(receipt).toContain('without end-user: consistent with 100 % to v1 (20 requests');
    expect(await starsOf(world, 20, 'mina')).toEqual(['red']);
    expect(await starsOf(world, 20)).toEqual(['none']);
    expect(await starsOf(world, 20, 'jason')).toEqual(['black']);
  });

  it('changes the destination of a route that is there', async () => {
    const { receipt } = await tell(world, '/mesh route reviews v2 --user mina');
    expect(receipt).toContain('Proven: consistent with 100 % to v2');
    expect(await starsOf(world, 20, 'mina')).toEqual(['black']);
    expect(spec()?.http).toHaveLength(3);
  });

  it('takes the route away, and is as it was', async () => {
    const { card, receipt } = await tell(world, '/mesh route reviews --remove --user mina');
    expect(card).toContain('Take the route of reviews where end-user = mina away');
    expect(receipt).toContain('Proven: consistent with 100 % to v1');
    expect(spec()).toEqual(before);
  });

  it('is taken back by undo', async () => {
    const { receipt } = await tell(world, '/mesh undo');
    expect(receipt).toContain('Proven: consistent with 100 % to v2');
    expect(await starsOf(world, 10, 'mina')).toEqual(['black']);
  });

  it('answers at once where something is missing', async () => {
    const riko = world.slack.as(RIKO);
    await riko.say(MESH.id, '/mesh route reviews v3');
    await world.slack.until(() => riko.ephemerals(MESH.id).some(({ text }) => text.includes('Say which requests')));
  });
});

describe('a route that only the service behind others can tell', { timeout: 120_000 }, () => {
  let world: LocalWorld;
  beforeAll(async () => {
    world = await startLocalWorld();
  }, 60_000);
  afterAll(() => world?.close());

  it('is proven by the requests whose trace shows that they came so', async () => {
    const { receipt } = await tell(world, '/mesh route reviews v3 --from productpage --path /reviews*');
    expect(receipt).toContain('Proven: consistent with 100 % to v3 (40 requests');
    expect(await starsOf(world, 20)).toEqual(['red']);
    expect(await starsOf(world, 20, 'jason')).toEqual(['black']);
  });

  it('is taken back, proven the same way', async () => {
    const { receipt } = await tell(world, '/mesh undo');
    expect(receipt).toContain('Proven: consistent with 100 % to v1 (40 requests');
    expect(await starsOf(world, 20)).toEqual(['none']);
  });
});
