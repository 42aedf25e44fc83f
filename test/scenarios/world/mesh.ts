/** The real mesh: a Kubernetes with Istio and Bookinfo, and beside it the local Slack. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import type { KubeObject, ObjectRef } from '../../../src/object.ts';
import { OWN_NAMESPACE } from '../../../src/sandbox/cluster.ts';
import { startBot } from '../../../src/start/bot.ts';
import { startSurroundings } from '../../../src/start/local.ts';
import { newLog } from '../../../src/start/log.ts';
import { systemClock, systemRandom } from '../../../src/system.ts';
import { run } from '../../mesh/shell.ts';
import { sharesIn } from './config-dump.ts';
import { visitAt } from './local.ts';
import type { World } from './world.ts';

export interface MeshOptions {
  kubeconfig: string;
  /** Addresses as this process reaches them. */
  telemetry: { zipkin?: string; prometheus?: string };
  /** meshbot's own way to the API server, where it is not the tests' own, and the namespaces that it may watch. */
  meshbot?: { kubeconfig: string; watch: string[] };
}

const SETTINGS = new URL('../../../src/sandbox/meshbot.yaml', import.meta.url);
const CRD = new URL('../../../deploy/crd.yaml', import.meta.url);

export async function meshWorld({ kubeconfig, telemetry, meshbot }: MeshOptions): Promise<World> {
  const kubectl = (args: string[], input?: string) =>
    run('kubectl', ['--kubeconfig', kubeconfig, ...args], input === undefined ? {} : { input });
  await kubectl(['apply', '-f', '-'], readFileSync(CRD, 'utf8'));
  const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OWN_NAMESPACE } };
  await kubectl(['apply', '-f', '-'], JSON.stringify(own));
  // What an earlier run left undecided is nobody's any more.
  await kubectl(['delete', 'meshchanges', '--all', '-n', OWN_NAMESPACE]);

  const surroundings = await startSurroundings({
    slack: undefined,
    cluster: { kind: 'kubeconfig', file: meshbot?.kubeconfig ?? kubeconfig },
    config: settingsWith(telemetry, meshbot?.watch),
    ports: { slack: 0, shop: 0, kubernetes: 0, health: 0 },
    healthHost: '127.0.0.1',
    logLevel: 'error',
  });
  const { slack } = surroundings.local;
  if (!slack) throw new Error('the local Slack was not started');
  const bot = await startBot({
    ...surroundings,
    health: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    random: systemRandom,
    log: newLog(process.env.MESHBOT_LOG ?? 'silent'),
  });
  const gateway = await gatewayAddress(kubectl);
  const podOf = async (app: string, namespace: string) => {
    const path = ['-o', 'jsonpath={.items[0].metadata.name}'];
    return (await kubectl(['get', 'pods', '-n', namespace, '-l', `app=${app}`, ...path])).trim();
  };

  return {
    name: 'mesh',
    slack,
    get zipkin() {
      return named('MESHBOT_TEST_ZIPKIN', telemetry.zipkin);
    },
    get prometheus() {
      return named('MESHBOT_TEST_PROMETHEUS', telemetry.prometheus);
    },
    visit: visit => visitAt(gateway, visit),
    async curl({ app, namespace }, args) {
      const pod = await podOf(app, namespace);
      return ranOf(kubectl(['exec', '-n', namespace, pod, '-c', app, '--', 'curl', ...args]));
    },
    async read({ kind, apiVersion, namespace, name }) {
      const [version = '', group] = apiVersion.split('/').reverse();
      const found = await kubectl([
        ...[
          'get',
          group === undefined ? kind : `${kind}.${version}.${group}`,
          name,
          '-o',
          'json',
          '--ignore-not-found',
        ],
        ...(namespace ? ['-n', namespace] : []),
      ]);
      return found.trim() === '' ? undefined : (JSON.parse(found) as KubeObject);
    },
    // `replace` or `create`, not `apply`: nothing but what is given is to be there afterwards.
    async apply(object) {
      const text = JSON.stringify(object);
      const namespace = object.metadata.namespace ?? '';
      const isThere =
        (await kubectl(['get', '-n', namespace, '-f', '-', '-o', 'name', '--ignore-not-found'], text)) !== '';
      await kubectl([isThere ? 'replace' : 'create', '-f', '-'], text);
    },
    async remove({ kind, namespace, name }: ObjectRef) {
      await kubectl(['delete', kind, name, '--ignore-not-found', ...(namespace ? ['-n', namespace] : [])]);
    },
    async list(kind, namespace) {
      const found = await kubectl(['get', kind, '-n', namespace, '-o', 'json']);
      return (JSON.parse(found) as { items: KubeObject[] }).items;
    },
    async shares(app, host) {
      const pod = await podOf(app, 'default');
      const ask = ['pilot-agent', 'request', 'GET', 'config_dump?resource=dynamic_route_configs'];
      return sharesIn(await kubectl(['exec', pod, '-c', 'istio-proxy', '--', ...ask]), host);
    },
    async close() {
      await bot.stop();
      await surroundings.close();
    },
  };
}

/** Asked for by the stories that need it alone. */
function named(variable: string, address: string | undefined): string {
  if (address === undefined) throw new Error(`${variable} does not say where it is, as this process reaches it`);
  return address;
}

/** As `npm start` has them, with where the mesh's telemetry is. */
function settingsWith(telemetry: object, watch: string[] | undefined): string {
  const file = join(tmpdir(), `meshbot-scenarios-${process.pid}.yaml`);
  const settings = load(readFileSync(SETTINGS, 'utf8')) as { cluster: object };
  const cluster = { ...settings.cluster, ...(watch && { watch }) };
  writeFileSync(file, dump({ ...settings, cluster, telemetry }));
  return file;
}

/** `http://host:port` of the ingress gateway's plain HTTP port. */
async function gatewayAddress(kubectl: (args: string[]) => Promise<string>): Promise<string> {
  const text = await kubectl(['get', 'service', 'istio-ingressgateway', '-n', 'istio-system', '-o', 'json']);
  const { status } = JSON.parse(text) as { status?: { loadBalancer?: { ingress?: { ip?: string }[] } } };
  const ip = status?.loadBalancer?.ingress?.[0]?.ip;
  if (ip === undefined) throw new Error('The Service istio-ingressgateway has no address of a load balancer');
  return `http://${ip}:80`;
}

/** What a program in a pod printed, and how it ended. */
async function ranOf(running: Promise<string>): Promise<{ stdout: string; exitCode: number }> {
  try {
    return { stdout: await running, exitCode: 0 };
  } catch (error) {
    const code = /exit code (\d+)/.exec(String(error))?.[1];
    if (code === undefined) throw error;
    return { stdout: '', exitCode: Number(code) };
  }
}
