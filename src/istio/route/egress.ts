/** What a sidecar knows of the mesh (Sidecar resources), and what it does with hosts it does not know. */
import { load } from 'js-yaml';
import type { KubeObject } from '../../object.ts';
import { fullHost } from '../hosts.ts';
import type { World } from '../world.ts';
import { hasLabels, labels, number, object, objects, strings, text } from './json.ts';
import { covers, intersection } from './patterns.ts';
import type { SidecarClient } from './request.ts';
import { byAge } from './visibility.ts';

export interface Egress {
  /** Whether a service or VirtualService of `namespace` with any of these hosts is known to the client. */
  imports(namespace: string, hosts: string[]): boolean;
  /** What happens to a request for a host that is not known. */
  unknown: 'ALLOW_ANY' | 'REGISTRY_ONLY';
}

/** https://istio.io/latest/docs/reference/config/networking/sidecar/ */
export function egressOf(world: World, client: SidecarClient, port: number): Egress {
  const sidecar = sidecarOf(world, client);
  const told = text(object(sidecar?.spec?.outboundTrafficPolicy)?.mode);
  const unknown = (told ?? meshMode(world)) === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY';
  const listeners = objects(sidecar?.spec?.egress);
  if (listeners.length === 0) return { imports: () => true, unknown };
  // The first that listens on the port, or on every one, is all that counts for it.
  const listening = listeners.find(each => [undefined, port].includes(number(object(each.port)?.number)));
  const listed = strings(listening?.hosts).flatMap(each => readHost(each, client.namespace));
  return {
    unknown,
    imports: (namespace, hosts) => {
      const here = listed.filter(each => each.namespace === '*' || each.namespace === namespace);
      return hosts
        .map(host => fullHost(host, namespace))
        .filter(host => here.some(each => !each.not && intersection(each.host, host) !== undefined))
        .some(host => !here.some(each => each.not && covers(each.host, host)));
    },
  };
}

/** `namespace/host`; with `~` before it what is left out, and `~/…` leaves it out everywhere. */
function readHost(text: string, own: string): { namespace: string; host: string; not: boolean }[] {
  const [where = '', what] = text.split('/');
  if (what === undefined) return [];
  const not = where.startsWith('~');
  const named = not ? where.slice(1) || '*' : where;
  return [{ namespace: named === '.' ? own : named, host: what.toLowerCase(), not }];
}

/** The one that selects the pod, else its namespace's, else the root namespace's. */
function sidecarOf(world: World, client: SidecarClient): KubeObject | undefined {
  const here = world.inNamespace('Sidecar', client.namespace).sort(byAge);
  const selecting = here.find(sidecar => {
    const selector = object(sidecar.spec?.workloadSelector);
    return selector !== undefined && hasLabels(client.labels, labels(selector.labels));
  });
  const general = (sidecar: KubeObject) => sidecar.spec?.workloadSelector === undefined;
  return selecting ?? here.find(general) ?? world.inNamespace('Sidecar', world.rootNamespace).sort(byAge).find(general);
}

const modes = new WeakMap<KubeObject, string | undefined>();

/** `outboundTrafficPolicy.mode` of the mesh's own ConfigMap, where the world holds it. */
function meshMode(world: World): string | undefined {
  const config = world.get('ConfigMap', world.rootNamespace, 'istio');
  if (!config) return undefined;
  if (!modes.has(config)) modes.set(config, readMode(text(object(config.data)?.mesh) ?? ''));
  return modes.get(config);
}

function readMode(mesh: string): string | undefined {
  try {
    return text(object(object(load(mesh))?.outboundTrafficPolicy)?.mode);
  } catch {
    return undefined;
  }
}
