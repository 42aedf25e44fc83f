import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { starsOf, tell } from './told.ts';

const GATEWAY = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  namespace: 'default',
  name: 'bookinfo-gateway',
};

describe('gateway off and on, from the line to the receipt', { timeout: 120_000 }, () => {
  let world: LocalWorld;
  let before: KubeObject;
  const live = () => structuredClone(world.cluster.kubernetes.get(GATEWAY)!);
  const shop = () =>
    fetch(world.cluster.mesh.shopUrl).then(
      answer => answer.status,
      () => 'refused',
    );

  beforeAll(async () => {
    world = await startLocalWorld();
    before = live();
  }, 60_000);
  afterAll(() => world?.close());

  it('cuts off the hosts that it serves, after the card said which', async () => {
    const { card, receipt } = await tell(world, '/mesh gateway off bookinfo-gateway');
    expect(card).toContain('Switch the gateway bookinfo-gateway off');
    expect(card).toContain('for any host: /productpage, /static*, /login');
    expect(card).toContain('nobody: refused');
    expect(card).toContain('VirtualService/default/bookinfo');
    expect(card).toContain('It is the only way in from outside to productpage.');
    expect(card).toContain('high');
    expect(receipt).toContain('Proven: 40 of 40 requests were refused; none reached productpage');
    expect(await shop()).toBe('refused');
  });

  it('keeps all that it had, in the cluster alone, so that a replica that was not there can switch it on', async () => {
    expect(live().spec).toEqual({
      ...before.spec,
      selector: { ...(before.spec!.selector as object), 'meshbot.dev/switched-off': 'true' },
    });
    await Promise.all(world.bots.splice(0).map(bot => bot.stop()));
    await world.replica();
    const { card, receipt } = await tell(world, '/mesh gateway on bookinfo-gateway');
    expect(card).toContain('Switch the gateway bookinfo-gateway on');
    expect(receipt).toContain('Proven: consistent with 100 % to v1');
    expect(live().spec).toEqual(before.spec);
    expect(await starsOf(world, 5)).toEqual(['none']);
  });

  it('is taken back by undo, whichever way it was', async () => {
    const { receipt } = await tell(world, '/mesh undo');
    expect(receipt).toContain('Proven: 40 of 40 requests were refused');
    expect(await shop()).toBe('refused');
    await tell(world, '/mesh gateway on default/bookinfo-gateway');
    expect(live().spec).toEqual(before.spec);
    expect(await shop()).toBe(200);
  });
});
