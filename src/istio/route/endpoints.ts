/** The ready endpoints of a service that carry some labels. */
import type { World } from '../world.ts';
import { isReady } from '../world.ts';
import { hasLabels, labels, object, objects, strings, text } from './json.ts';
import type { MeshService } from './services.ts';
import { selectorOf } from './services.ts';

export interface Endpoints {
  /** Pods' names, or addresses where no pods are known. */
  names: string[];
  /** How many carry which version label; '' without one. */
  versions: Record<string, number>;
  /** False where the world cannot tell (a Service without selector and without EndpointSlices). */
  known: boolean;
}

export function endpointsOf(world: World, service: MeshService, wanted: Record<string, string>): Endpoints {
  const selector = selectorOf(service.object);
  if (selector) {
    const pods = world.pods(service.namespace, { ...selector, ...wanted }).filter(isReady);
    const contradicts = Object.entries(wanted).some(([name, value]) => (selector[name] ?? value) !== value);
    return counted(
      contradicts ? [] : pods.map(pod => ({ name: pod.metadata.name, labels: pod.metadata.labels ?? {} })),
    );
  }
  return service.object.kind === 'ServiceEntry' ? entryEndpoints(service, wanted) : sliceEndpoints(world, service);
}

function entryEndpoints(service: MeshService, wanted: Record<string, string>): Endpoints {
  const spec = service.object.spec ?? {};
  const listed = objects(spec.endpoints).flatMap(each => {
    const name = text(each.address);
    return name ? [{ name, labels: labels(each.labels) }] : [];
  });
  if (listed.length > 0) return counted(listed.filter(each => hasLabels(each.labels, wanted)));
  // Without endpoints the name itself is looked up (DNS), or the client's own destination is kept (NONE).
  const resolution = text(spec.resolution) ?? 'NONE';
  const itself = resolution === 'STATIC' || (isLookedUp(service) && !hasLabels({}, wanted)) ? [] : [service.host];
  return counted(itself.map(name => ({ name, labels: {} })));
}

/** A name of a ServiceEntry that the proxies resolve themselves: without an address they have no cluster of it. */
export function isLookedUp({ object: { kind, spec } }: MeshService): boolean {
  return kind === 'ServiceEntry' && (text(spec?.resolution) ?? '').startsWith('DNS');
}

/** Services without a selector get their endpoints by hand, in EndpointSlices. */
function sliceEndpoints(world: World, service: MeshService): Endpoints {
  if (service.object.spec?.type === 'ExternalName') return counted([{ name: service.host, labels: {} }]);
  const slices = world
    .inNamespace('EndpointSlice', service.namespace)
    .filter(slice => slice.metadata.labels?.['kubernetes.io/service-name'] === service.object.metadata.name);
  const ready = slices.flatMap(slice =>
    objects(slice.endpoints).filter(each => object(each.conditions)?.ready !== false),
  );
  const names = ready.flatMap(each => strings(each.addresses)).map(name => ({ name, labels: {} }));
  return { ...counted(names), known: slices.length > 0 };
}

function counted(found: { name: string; labels: Record<string, string> }[]): Endpoints {
  const versions: Record<string, number> = {};
  for (const { labels: held } of found) {
    const version = held.version ?? '';
    versions[version] = (versions[version] ?? 0) + 1;
  }
  return { names: found.map(each => each.name), versions, known: true };
}
