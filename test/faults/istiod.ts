/** Stops and starts istiod as an operator would, and says whether its validation webhook is obeyed. */
import { eventually } from './eventually.ts';
import type { Kubectl } from './kubectl.ts';

const ISTIOD = ['deployment/istiod', '-n', 'istio-system'];
const VALIDATORS = ['istio-validator-istio-system', 'istiod-default-validator'];

export async function stopIstiod(kubectl: Kubectl): Promise<void> {
  await kubectl(['scale', ...ISTIOD, '--replicas=0']);
  await kubectl(['delete', 'pods', '-n', 'istio-system', '-l', 'app=istiod', '--grace-period=1', '--wait=true']);
}

/** Ready, its webhook obeyed again, as it sees to itself, and all proxies back at it, each after a while of its own. */
export async function startIstiod(kubectl: Kubectl): Promise<void> {
  await kubectl(['scale', ...ISTIOD, '--replicas=1']);
  await kubectl(['rollout', 'status', ...ISTIOD, '--timeout=120s']);
  await eventually('istiod to insist on its webhook', async () => (await policies(kubectl)).every(is => is === 'Fail'));
  await eventually(
    'the proxies to come back',
    async () => (await connected(kubectl)) >= (await proxied(kubectl)).length,
    60_000,
  );
  await eventually('the webhook to answer', () => isWritable(kubectl));
}

export async function restartIstiod(kubectl: Kubectl): Promise<void> {
  await stopIstiod(kubectl);
  await startIstiod(kubectl);
}

/** As Istio's own charts install it, before istiod is there; istiod changes it back when it is. */
export async function ignoreWebhooks(kubectl: Kubectl): Promise<void> {
  for (const name of await validators(kubectl)) {
    const patch = [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }];
    await kubectl(['patch', 'validatingwebhookconfiguration', name, '--type=json', '--patch', JSON.stringify(patch)]);
  }
  // The API server hears of it by a watch of its own.
  await eventually('the API server to write without the webhook', () => isWritable(kubectl));
}

async function isWritable(kubectl: Kubectl): Promise<boolean> {
  const gateway = ['gateways.networking.istio.io', 'bookinfo-gateway', '-n', 'default'];
  const tried = kubectl(['annotate', ...gateway, 'tried=1', '--dry-run=server']);
  return tried.then(
    () => true,
    () => false,
  );
}

async function connected(kubectl: Kubectl): Promise<number> {
  const ask = ['pilot-discovery', 'request', 'GET', 'debug/connections'];
  const said = await kubectl(['exec', ...ISTIOD, '--', ...ask]).catch(() => '{}');
  return (JSON.parse(said) as { totalClients?: number }).totalClients ?? 0;
}

/** Pods that run with a proxy, as `namespace/name`. */
async function proxied(kubectl: Kubectl): Promise<string[]> {
  const names = '{.spec.initContainers[*].name} {.spec.containers[*].name}';
  const path = `-o=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} ${names}{"\\n"}{end}`;
  const running = ['-A', '--field-selector=status.phase=Running'];
  return (await kubectl(['get', 'pods', ...running, path]))
    .split('\n')
    .filter(line => line.includes('istio-proxy'))
    .map(line => line.split(' ')[0]!);
}

/** What a story before has left may still be on its way to some of the shop's proxies. */
export async function shopHas(kubectl: Kubectl, virtualService: string): Promise<void> {
  const mark = `/namespaces/default/virtual-service/${virtualService}"`;
  const routes = ['pilot-agent', 'request', 'GET', 'config_dump?resource=dynamic_route_configs'];
  for (const pod of await proxied(kubectl)) {
    const [namespace = '', name = ''] = pod.split('/');
    if (namespace !== 'default') continue;
    await eventually(`${name} to have the VirtualService ${virtualService}`, async () =>
      (await kubectl(['exec', '-n', namespace, name, '-c', 'istio-proxy', '--', ...routes])).includes(mark),
    );
  }
}

async function validators(kubectl: Kubectl): Promise<string[]> {
  const names = (await kubectl(['get', 'validatingwebhookconfigurations', '-o', 'name'])).split('\n');
  return VALIDATORS.filter(name => names.some(each => each.endsWith(`/${name}`)));
}

async function policies(kubectl: Kubectl): Promise<string[]> {
  const names = await validators(kubectl);
  const path = '-o=jsonpath={.webhooks[*].failurePolicy}';
  return Promise.all(names.map(name => kubectl(['get', 'validatingwebhookconfiguration', name, path])));
}
