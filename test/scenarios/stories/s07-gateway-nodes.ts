/** S7: which pods stand behind the gateway, and where they run. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

export default scenario({ id: 'S7', title: 'The gateway’s pods, nodes and revisions' }, async ({ world, talk }) => {
  const told = await talk.ask('/mesh gateway status bookinfo-gateway');
  const pods = (await world.list('Pod', 'istio-system')).filter(
    ({ metadata }) => metadata.labels?.istio === 'ingressgateway',
  );
  expect(pods.length).toBeGreaterThan(0);
  for (const { metadata, spec } of pods) {
    expect(told).toContain(metadata.name);
    expect(told).toContain(`on ${spec?.nodeName}, revision ${metadata.labels?.['istio.io/rev']}`);
  }
});
