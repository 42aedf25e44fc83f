/** S10: a Gateway whose selector no pod meets, and one whose selector is met. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const KIND = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' };
const NAMED = { namespace: 'default', name: 'bookinfo-gateway' };

export default scenario({ id: 'S10', title: 'A Gateway that selects no pod' }, async ({ world, talk }) => {
  expect(await talk.ask('/mesh gateway status bookinfo-gateway')).toContain('On.');
  const found = await world.read({ ...KIND, ...NAMED });
  await world.apply({ ...KIND, metadata: NAMED, spec: { ...found?.spec, selector: { istio: 'nobody' } } });
  await expect
    .poll(async () => (await world.visit({ path: '/productpage' })).status, { timeout: 10_000 })
    .not.toBe(200);
  await expect
    .poll(() => talk.ask('/mesh gateway status bookinfo-gateway'), { timeout: 10_000 })
    .toContain('On, but nobody listens');
});
