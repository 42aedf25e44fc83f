import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/object.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { starsOf, tell } from './told.ts';

const REVIEWS = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'default',
  name: 'reviews',
};

describe('mirror, from the line to its receipt and back', { timeout: 120_000 }, () => {
  let world: LocalWorld;
  let before: JsonObject | undefined;
  const spec = () => world.cluster.kubernetes.get(REVIEWS)?.spec;

  /** Requests that pods of a version of reviews ever got, as Prometheus has it. */
  function received(version: string): Promise<number> {
    const labels = `reporter="destination",destination_app="reviews",destination_version="${version}"`;
    return world.measured(`sum(istio_requests_total{${labels}})`);
  }

  beforeAll(async () => {
    world = await startLocalWorld();
    before = structuredClone(spec());
  }, 60_000);
  afterAll(() => world?.close());

  it('copies every request, while everybody gets the answers of before', async () => {
    const { card, receipt } = await tell(world, '/mesh mirror reviews v3 100');
    expect(card).toContain('Send copies of 100 % of reviews to v3');
    expect(card).toContain('thrown away');
    expect(card).toContain('Its load doubles');
    expect(card).toContain('copies of all other requests');
    expect(receipt).toContain('Proven: consistent with 100 % to v1');
    expect(receipt).toMatch(/v3 got copies of (\d+) of \1 requests, by the metrics, which is consistent with 100 %/);
    const counted = await received('v3');
    expect(await starsOf(world, 20)).toEqual(['none']);
    await expect.poll(() => received('v3')).toBe(counted + 20);
  });

  it('copies a part of them', async () => {
    const { receipt } = await tell(world, '/mesh mirror reviews v3 50');
    expect(receipt).toMatch(/v3 got copies of \d+ of \d+ requests, by the metrics, which is consistent with 50 %/);
    expect(receipt).toContain('v3, copies');
  });

  it('ends, and is as it was', async () => {
    const { card, receipt } = await tell(world, '/mesh mirror reviews off');
    expect(card).toContain('Send no copies of reviews any more');
    expect(receipt).toMatch(/v3 got copies of 0 of \d+ requests/);
    expect(spec()).toEqual(before);
    const counted = await received('v3');
    await starsOf(world, 10);
    expect(await received('v3')).toBe(counted);
  });

  it('is taken back by undo', async () => {
    const { receipt } = await tell(world, '/mesh undo');
    expect(receipt).toMatch(/v3 got copies of \d+ of \d+ requests, by the metrics, which is consistent with 50 %/);
  });
});
