/** Clients that see a service see its routes too: exportTo or a Sidecar may hide the VirtualService from them alone. */
import type { KubeObject } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import { serviceOf, shortHost } from '../hosts.ts';
import { egressOf } from '../route/egress.ts';
import { labels, object, objects, strings } from '../route/json.ts';
import { gatewaysOf, hostsOf, meshVirtualServices } from '../route/mesh.ts';
import { findService } from '../route/services.ts';
import { serviceVisible, visibility } from '../route/visibility.ts';
import type { World } from '../world.ts';
import { type Check, keyOf, writtenVirtualServices } from './check.ts';

export const hidden: Check = {
  about: 'state',
  rules: [
    {
      code: 'routes-not-exported',
      severity: 'warning',
      what: 'The VirtualService is not exported to namespaces that see the service: their requests go by no route at all.',
      fix: 'Export it as widely as the service.',
      source:
        'https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService-export_to; KIA1004',
    },
    {
      code: 'routes-out-of-scope',
      severity: 'warning',
      what: 'A Sidecar lets its clients see the service, but not the namespace of the VirtualService: their requests do not follow its routes.',
      fix: 'Add the VirtualService’s namespace to the egress hosts of the Sidecar, or keep it beside the service.',
      source: 'https://istio.io/latest/docs/reference/config/networking/sidecar/; KIA1004',
    },
  ],
  find: (world, context) =>
    writtenVirtualServices(world, context)
      .filter(object => gatewaysOf(object).includes('mesh'))
      .flatMap(object =>
        hostsOf(object).flatMap(host => [...notExported(world, object, host), ...outOfScope(world, object, host)]),
      ),
};

function notExported(world: World, routing: KubeObject, host: string): Finding[] {
  const named = serviceOf(host);
  const service = named && world.get('Service', named.namespace, named.name);
  if (!service || visibility(routing, '') !== undefined || !serviceVisible(service, '')) return [];
  // Others may be routed by another one, and mean to be.
  if (meshVirtualServices(world, host, '').length > 0) return [];
  const name = shortHost(host, routing.metadata.namespace);
  return [
    {
      code: 'routes-not-exported',
      severity: 'warning',
      path: keyOf(routing),
      message: `It is exported to ${strings(routing.spec?.exportTo).join(', ')} alone, while every namespace may call ${name}: requests from elsewhere do not follow these routes.`,
      fix: 'Export it as widely as the service.',
    },
  ];
}

/** Sidecars let configuration in by namespace and host, so only one in another namespace than the service can be left out. */
function outOfScope(world: World, routing: KubeObject, host: string): Finding[] {
  const home = routing.metadata.namespace ?? '';
  const service = serviceOf(host);
  if (!service || service.namespace === home) return [];
  return world.all('Sidecar').flatMap((sidecar): Finding[] => {
    const namespace = sidecar.metadata.namespace ?? '';
    if (namespace === world.rootNamespace || objects(sidecar.spec?.egress).length === 0) return [];
    if (visibility(routing, namespace) === undefined) return [];
    const ports = findService(world, host, namespace)?.ports ?? [];
    const client = { kind: 'sidecar' as const, namespace, labels: selected(sidecar) };
    const unseen = ports.some(({ number }) => {
      const egress = egressOf(world, client, number);
      return egress.imports(service.namespace, [host]) && !egress.imports(home, hostsOf(routing));
    });
    if (!unseen) return [];
    return [
      {
        code: 'routes-out-of-scope',
        severity: 'warning',
        path: keyOf(routing),
        message: `${keyOf(sidecar)} lets its clients see ${shortHost(host, home)}, but nothing in ${home}: their requests do not follow these routes.`,
        fix: `Add ${home}/* to the egress hosts of ${keyOf(sidecar)}, or keep the VirtualService in ${service.namespace}.`,
      },
    ];
  });
}

/** Labels of a pod that the Sidecar is for. */
function selected(sidecar: KubeObject): Record<string, string> {
  return labels(object(sidecar.spec?.workloadSelector)?.labels);
}
