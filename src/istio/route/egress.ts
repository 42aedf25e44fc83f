/** What a sidecar knows of the mesh (Sidecar resources), and what it does with hosts it does not know. */
import { load } from 'js-yaml';
import type { KubeObject } from '../../object.ts';
import { fullHost } from '../hosts.ts';
import type { World } from '../world.ts';
import { hasLabels, labels, number, object, objects, strings, text } from './json.ts';
import { intersection } from './patterns.ts';
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
  const listening = listeners.filter(each => [undefined, port].includes(number(object(each.port)?.number)));
  const wanted = listening.flatMap(each => strings(each.hosts)).map(host => host.split('/'));
  return {
    unknown,
    imports: (namespace, hosts) =>
      wanted.some(([where, what]) => {
        if (where === '~' || what === undefined) return false;
        if (where !== '*' && (where === '.' ? client.namespace : where) !== namespace) return false;
        return hosts.some(host => intersection(what, fullHost(host, namespace)) !== undefined);
      }),
  };
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
