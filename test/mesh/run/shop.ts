/** Bookinfo by its own manifests, and pods to ask from: one with a sidecar, one without. */
import { at } from '../places.ts';
import { applyText, kubectl } from '../shell.ts';

const NAMESPACES = [
  { name: 'default', injection: 'enabled' },
  { name: 'without-istio', injection: 'disabled' },
];

export async function applyShop(): Promise<void> {
  for (const { name, injection } of NAMESPACES) {
    const metadata = { name, labels: { 'istio-injection': injection } };
    await applyText(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }), '--server-side');
    await kubectl('apply', '-n', name, '-f', at('samples', 'curl', 'curl.yaml'));
  }
  await kubectl('apply', '-n', 'default', '-f', at('samples', 'bookinfo', 'platform', 'kube', 'bookinfo.yaml'));
}

export async function deploymentsReady(): Promise<void> {
  await kubectl('wait', '--for=condition=Available', 'deployment', '--all', '-A', '--timeout=180s');
}
