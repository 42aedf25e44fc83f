/** meshbot's watches break, etcd forgets what happened meanwhile, and the API server has no memory of it either. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { compact } from '../etcd.ts';
import { eventually } from '../eventually.ts';
import { labFault } from '../fault.ts';

const VIRTUAL_SERVICES = '/apis/networking.istio.io/v1/virtualservices';

export default labFault('etcd is compacted under the watch: it lists again, and nothing is lost', async stage => {
  const { world, talk, shop, kubectl, lab } = stage;
  const listed = JSON.parse(await kubectl(['get', '--raw', VIRTUAL_SERVICES])) as {
    metadata: { resourceVersion: string };
  };
  expect(await talk.ask('/mesh status reviews')).toContain('v1');

  lab.wire.cut();
  // One is deleted and another made by hand: no watch will ever tell of either. Unless both are known, v1 is routed to.
  const route = [{ route: [{ destination: { host: 'reviews', subset: 'v2' } }] }];
  await world.remove({ ...REF, name: 'reviews' });
  const { namespace, ...type } = REF;
  const metadata = { name: 'reviews-by-hand', namespace };
  await world.apply({ ...type, metadata, spec: { hosts: ['reviews'], http: route } });
  await compact();
  await lab.killApiServer();
  await lab.startApiServer();
  const from = `${VIRTUAL_SERVICES}?watch=1&timeoutSeconds=5&resourceVersion=${listed.metadata.resourceVersion}`;
  expect(await kubectl(['get', '--raw', from]).catch(String)).toMatch(/Expired|too old resource version/);
  lab.wire.mend();

  const knows = async () => {
    // No oftener than a person: meshbot takes sixty lines of one in ten seconds.
    await sleep(500);
    return (await talk.ask('/mesh status reviews')).startsWith('All requests go to reviews v2');
  };
  await eventually('the watches to be in step', knows, 60_000);
  // istiod has watches of its own, and comes back to the API server when it pleases: then it hears of this edit.
  const v3 = [{ route: [{ destination: { host: 'reviews', subset: 'v3' } }] }];
  await world.apply({ ...type, metadata, spec: { hosts: ['reviews'], http: v3 } });
  await eventually('istiod to be in step', async () => (await shop.stars(10)).red === 10, 90_000);

  const { receipt, undo } = await talk.change('/mesh shift reviews v2 100');
  expect(receipt).toContain('Proven: consistent with 100 % to v2');
  await shop.showsOnly('black');
  await talk.change(undo);
  await shop.showsOnly('red');
});

const REF = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default' };
