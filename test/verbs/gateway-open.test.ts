import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { tell } from './told.ts';

describe('gateway open and expose, from the line to the receipt and back', { timeout: 120_000 }, () => {
  let world: LocalWorld;
  let before: KubeObject[];
  const live = () => ['Gateway', 'VirtualService'].flatMap(kind => structuredClone(specs(kind)));
  const specs = (kind: string) =>
    world.cluster.kubernetes.list(kind).map(({ metadata, spec }) => ({ kind, name: metadata.name, spec }) as never);

  /** The status of a request from outside, as a browser that knows the host would send it. */
  function visit(host: string, path: string): Promise<number> {
    const { port } = new URL(world.cluster.mesh.gatewayUrl);
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, answer => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on('error', reject).end();
    });
  }

  beforeAll(async () => {
    world = await startLocalWorld();
    before = live();
  }, 60_000);
  afterAll(() => world?.close());

  it('opens some paths of a host to a service, and proves it by requests for that host', async () => {
    expect(await visit('api.example.com', '/details/0')).toBe(404);
    const { card, receipt } = await tell(world, '/mesh gateway open api.example.com details:9080 --path /details*');
    expect(card).toContain('Open api.example.com, /details* to details');
    expect(card).toContain('for api.example.com: /details*');
    expect(card).toContain('Create VirtualService default/details-api-example-com');
    expect(card).toContain('Until now VirtualService/default/bookinfo takes requests for api.example.com');
    expect(receipt).toContain('Proven: consistent with 100 % to v1');
    expect(await visit('api.example.com', '/details/0')).toBe(200);
    expect(await visit('other.example.com', '/details/0')).toBe(404);
  });

  it('is taken back by undo, which deletes what it made and sees that nobody answers', async () => {
    const { card, receipt } = await tell(world, '/mesh undo');
    expect(card).toContain('Delete VirtualService default/details-api-example-com');
    expect(receipt).toContain('got 404 from the gateway itself; none reached details');
    expect(live()).toEqual(before);
  });

  it('exposes a service under the host that the Gateway serves, beside the routes that there are', async () => {
    const { card, receipt } = await tell(world, '/mesh expose ratings --gateway bookinfo-gateway --path /ratings*');
    expect(card).toContain('VirtualService/default/bookinfo');
    expect(receipt).toContain('Proven: ');
    expect(await visit('shop.example.com', '/ratings/0')).toBe(200);
    expect(await visit('shop.example.com', '/productpage')).toBe(200);
    await tell(world, '/mesh undo');
    expect(live()).toEqual(before);
  });
});
