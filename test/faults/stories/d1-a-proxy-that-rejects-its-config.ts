/** An EnvoyFilter makes one workload's proxy refuse every route it is sent: it stays on the one before, and is named. */
import { expect } from 'vitest';
import { eventually } from '../eventually.ts';
import { fault } from '../fault.ts';

const PROOF = 120_000;
const FILTER = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name: 'refused', namespace: 'default' },
  spec: {
    workloadSelector: { labels: { app: 'curl' } },
    configPatches: [
      {
        applyTo: 'HTTP_ROUTE',
        match: { context: 'SIDECAR_OUTBOUND' },
        // Envoy takes no expression that does not compile, and with it none of the routes.
        patch: { operation: 'MERGE', value: { match: { safe_regex: { regex: '(' } } } },
      },
    ],
  },
};

export default fault('a proxy refuses its config: it is named, and the change never Verified', async stage => {
  const { talk, shop, kubectl } = stage;
  await kubectl(['apply', '-f', '-'], JSON.stringify(FILTER));
  try {
    const card = await talk.propose('/mesh shift reviews v3 100');
    await talk.approve(card);
    await eventually('a receipt', () => /[Pp]roven: /.test(talk.heard(card)), PROOF);
    expect(talk.heard(card)).toMatch(/not proven: 1 of \d+ proxies is stuck: curl-\S+\.default still holds the route/);
    const { status } = await stage.newest();
    expect(status?.phase).toBe('Failed');
    expect(status?.history.map(({ phase }) => phase)).not.toContain('Verified');
    // The shop itself is on the new route.
    await shop.showsOnly('red');
  } finally {
    await kubectl(['delete', 'envoyfilter', 'refused', '-n', 'default']);
  }
});
