/** S25: every service gets its versions named, and all requests go to v1. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const SERVICES = ['productpage', 'details', 'ratings', 'reviews'];

export default scenario(
  { id: 'S25', title: 'Subsets for every service, all requests to v1' },
  async ({ world, talk, shop }) => {
    for (const kind of ['VirtualService', 'DestinationRule'] as const) {
      for (const name of SERVICES) {
        await world.remove({ apiVersion: 'networking.istio.io/v1', kind, namespace: 'default', name });
      }
    }
    await shop.alternates();

    for (const service of SERVICES) {
      const { card, receipt } = await talk.change(`/mesh shift ${service} v1 100`);
      expect(card).toMatch(new RegExp(`^Send 100 % of ${service} (where .+ )?to v1`));
      expect(receipt).toContain('Proven: consistent with 100 % to v1');
      const rule = await shop.spec('DestinationRule', service);
      expect(rule?.subsets).toContainEqual(expect.objectContaining({ name: 'v1', labels: { version: 'v1' } }));
      // The page is asked for from outside: its route is the gateway's.
      const route = await shop.spec('VirtualService', service === 'productpage' ? 'bookinfo' : service);
      expect(JSON.stringify(route)).toContain('"subset":"v1"');
    }
    await shop.showsOnly('none');
    const held = await world.shares('productpage', 'reviews:9080');
    if (held) expect(Object.keys(held)).toEqual(['outbound|9080|v1|reviews.default.svc.cluster.local']);
  },
);
