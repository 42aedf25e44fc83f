/** S2: where the gateway is reached from outside, at which ports, and what it serves. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const SERVICE = { apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name: 'istio-ingressgateway' };

export default scenario(
  { id: 'S2', title: 'The gateway’s address, its ports and what it serves' },
  async ({ world, talk }) => {
    const service = await world.read(SERVICE);
    const { ingress } = (service?.status?.loadBalancer ?? {}) as { ingress?: { ip?: string }[] };
    const told = await talk.ask('/mesh gateway status bookinfo-gateway');
    expect(told).toContain('On.');
    expect(told).toContain('HTTP: any host');
    expect(told).toContain('productpage');
    expect(told).toContain(`http://${ingress?.[0]?.ip}`);
    expect((await world.visit({ path: '/productpage' })).status).toBe(200);
  },
);
