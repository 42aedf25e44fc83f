/** Whether two proxies speak mutual TLS: what the server's asks for, and what the client's does. */
import type { JsonObject, KubeObject } from '../../object.ts';
import type { World } from '../world.ts';
import { hasLabels, labels, object, text } from './json.ts';
import { byAge } from './visibility.ts';

export type MutualTls = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/**
 * What the proxy of a pod takes on a port of the pod: of the PeerAuthentications for the workload, for its namespace and
 * for the mesh the narrowest that says something, of several the oldest.
 * https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export function serverTls(world: World, pod: KubeObject, port: number): MutualTls {
  const namespace = pod.metadata.namespace ?? '';
  const held = pod.metadata.labels ?? {};
  const wide = (where: string) => here(world, where).filter(each => selectorOf(each) === undefined);
  const own = here(world, namespace).filter(each => {
    const selector = selectorOf(each);
    return selector !== undefined && hasLabels(held, selector);
  });
  const ports = object(own[0]?.spec?.portLevelMtls);
  const said = [
    modeOf(object(ports?.[String(port)])),
    ...[own, wide(namespace), wide(world.rootNamespace)].map(([first]) => modeOf(object(first?.spec?.mtls))),
  ];
  return said.find(each => each !== undefined) ?? 'PERMISSIVE';
}

function here(world: World, namespace: string): KubeObject[] {
  return world.inNamespace('PeerAuthentication', namespace).sort(byAge);
}

function selectorOf({ spec }: KubeObject): Record<string, string> | undefined {
  const found = labels(object(spec?.selector)?.matchLabels);
  return Object.keys(found).length > 0 ? found : undefined;
}

/** UNSET asks the next wider one. */
function modeOf(mtls: JsonObject | undefined): MutualTls | undefined {
  const mode = text(mtls?.mode);
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined;
}

/**
 * Whether a client's proxy speaks mutual TLS to a pod with a proxy: as its DestinationRule's `tls` says, and without one
 * wherever the server takes it (auto mTLS). https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/
 */
export function clientTls(trafficPolicy: JsonObject | undefined, server: MutualTls): boolean {
  const mode = text(object(trafficPolicy?.tls)?.mode);
  if (mode === undefined) return server !== 'DISABLE';
  return mode === 'ISTIO_MUTUAL';
}
