/** Whether a proxy is to have routes of a VirtualService, by the mesh's objects: exportTo, Sidecars, Gateways, and who else speaks for its hosts. */
import { egressOf } from '../../istio/route/egress.ts';
import { serverHosts, speaks } from '../../istio/route/gateway.ts';
import { entriesFor, httpRoutes } from '../../istio/route/http-routes.ts';
import { hasLabels, labels, number, object, objects } from '../../istio/route/json.ts';
import { gatewaysOf, hostsOf } from '../../istio/route/mesh.ts';
import { intersection } from '../../istio/route/patterns.ts';
import type { GatewayClient, SidecarClient } from '../../istio/route/request.ts';
import { findService } from '../../istio/route/services.ts';
import { spokenFor } from '../../istio/route/virtual-host.ts';
import { visibility } from '../../istio/route/visibility.ts';
import type { World } from '../../istio/world.ts';
import { type KubeObject, refKey, refOf } from '../../object.ts';
import type { MeshProxy } from '../../ports.ts';

/** false too where it cannot be told: hosts that are no service of the mesh, or patterns. */
export function isMeantFor(
  world: World,
  { namespace, labels, gateway }: MeshProxy,
  virtualService: KubeObject,
): boolean {
  return gateway
    ? isForGateway(world, { namespace, labels }, virtualService)
    : isForSidecar(world, { kind: 'sidecar', namespace, labels }, virtualService);
}

function isForSidecar(world: World, client: SidecarClient, virtualService: KubeObject): boolean {
  if (!gatewaysOf(virtualService).includes('mesh')) return false;
  const key = refKey(refOf(virtualService));
  return hostsOf(virtualService).some(host => {
    const ports = findService(world, host, client.namespace)?.ports.filter(({ http }) => http) ?? [];
    return ports.some(port => {
      const egress = egressOf(world, client, port.number);
      const speaker = spokenFor(world, client, host, port.number, egress).virtualService;
      return speaker !== undefined && refKey(refOf(speaker)) === key;
    });
  });
}

/** Servers whose requests are sent on to https are left out: they need no route. */
function isForGateway(
  world: World,
  pod: Pick<GatewayClient, 'namespace' | 'labels'>,
  virtualService: KubeObject,
): boolean {
  if (visibility(virtualService, pod.namespace) === undefined) return false;
  const own = virtualService.metadata.namespace ?? '';
  return gatewaysOf(virtualService).some(name => {
    const [namespace = '', short = ''] = name.split('/');
    const gateway = name === 'mesh' ? undefined : world.get('Gateway', namespace, short);
    if (!gateway || !hasLabels(pod.labels, labels(gateway.spec?.selector))) return false;
    return objects(gateway.spec?.servers).some(server => {
      const port = number(object(server.port)?.number);
      if (port === undefined || speaks(server) === undefined || object(server.tls)?.httpsRedirect === true)
        return false;
      const offered = serverHosts(server).filter(
        each => each.namespace === '*' || (each.namespace === '.' ? namespace : each.namespace) === own,
      );
      const isShared = offered.some(each =>
        hostsOf(virtualService).some(host => intersection(each.host, host) !== undefined),
      );
      const client: GatewayClient = { kind: 'gateway', ...pod, port };
      return isShared && entriesFor(httpRoutes(world, virtualService), client, port, name).length > 0;
    });
  });
}
