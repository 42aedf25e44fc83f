/** S34: what the ingress gateway serves, and what is left when it is switched off. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

export default scenario(
  { id: 'S34', title: 'The ingress gateway: what it serves, off and on' },
  async ({ world, talk, shop }) => {
    expect((await world.visit({ path: '/productpage' })).status).toBe(200);
    expect((await world.visit({ path: '/any' })).status).toBe(404);
    expect(await talk.ask('/mesh curl productpage/any')).toContain('from outside: 404');
    expect(await talk.ask('/mesh curl productpage/productpage --host example.com')).toContain('from outside: 200');
    const before = await shop.spec('Gateway', 'bookinfo-gateway');

    const off = await talk.change('/mesh gateway off bookinfo-gateway');
    expect(off.receipt).toContain('Proven');
    // The last Gateway of a port: nobody listens there any more, or nobody knows the host.
    await expect
      .poll(async () => (await world.visit({ path: '/productpage' })).status, { timeout: 10_000 })
      .not.toBe(200);

    const on = await talk.change('/mesh gateway on bookinfo-gateway');
    expect(on.receipt).toContain('Proven');
    await expect.poll(async () => (await world.visit({ path: '/productpage' })).status, { timeout: 10_000 }).toBe(200);
    expect(await shop.spec('Gateway', 'bookinfo-gateway')).toEqual(before);
  },
);
