/** Which versions a service has: subsets of its DestinationRules, and the pods behind them. */
import type { KubeObject } from '../../../object.ts';
import { serviceOf } from '../../hosts.ts';
import { effectiveRule } from '../../route/destination-rule.ts';
import { findService } from '../../route/services.ts';
import { isReady, type World } from '../../world.ts';
import { labelsOf } from '../read.ts';

/** Labels that tell a pod's version, the usual one first. */
const VERSION_LABELS = ['version', 'app.kubernetes.io/version', 'service.istio.io/canonical-revision'];

export interface Subset {
  name: string;
  labels: Record<string, string>;
}

/** Rules that clients of a namespace obey for a host, merged as Istio merges them, and the subsets they define. */
export function rulesFor(world: World, fqdn: string, client: string): { rules: KubeObject[]; subsets: Subset[] } {
  const rule = effectiveRule(world, fqdn, { namespace: client, labels: {} });
  return {
    rules: rule?.rules ?? [],
    subsets: [...(rule?.subsets ?? [])].map(([name, labels]) => ({ name, labels })),
  };
}

/** The Service of a host and what it selects. undefined: there is none. */
export function serviceAt(
  world: World,
  fqdn: string,
): { object: KubeObject; selector: Record<string, string> } | undefined {
  const name = serviceOf(fqdn);
  const object = name && world.get('Service', name.namespace, name.name);
  return object && { object, selector: labelsOf(object.spec?.selector) };
}

/** Pods that a Service selects and that also carry `labels`. A Service without selector selects none. */
function servicePods(world: World, fqdn: string, labels: Record<string, string> = {}): KubeObject[] {
  const service = serviceAt(world, fqdn);
  if (!service || Object.keys(service.selector).length === 0) return [];
  return world.pods(service.object.metadata.namespace ?? '', { ...service.selector, ...labels });
}

export function readyPods(world: World, fqdn: string, labels: Record<string, string> = {}): KubeObject[] {
  return servicePods(world, fqdn, labels).filter(isReady);
}

/** The label of a pod that tells its version, and its value. */
export function versionLabel(pod: KubeObject): { key: string; value: string } | undefined {
  const key = VERSION_LABELS.find(label => pod.metadata.labels?.[label]);
  return key === undefined ? undefined : { key, value: pod.metadata.labels![key]! };
}

export interface VersionOfPods {
  version: string;
  /** The label that tells it. */
  key: string;
  /** How many are Ready: a destination without subset spreads over these by least request. */
  ready: number;
  /** How many there are. */
  pods: number;
}

/** Versions of a service by the labels of its pods, in natural order. */
export function podVersions(world: World, fqdn: string): VersionOfPods[] {
  const found = new Map<string, VersionOfPods>();
  for (const pod of servicePods(world, fqdn)) {
    const label = versionLabel(pod);
    if (!label) continue;
    const seen = found.get(label.value) ?? { version: label.value, key: label.key, ready: 0, pods: 0 };
    found.set(label.value, { ...seen, ready: seen.ready + (isReady(pod) ? 1 : 0), pods: seen.pods + 1 });
  }
  return [...found.values()].sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
}

/** The subset that people mean by a version: the one of that name, else the one that selects that version label. */
export function subsetFor(subsets: Subset[], version: string): Subset | undefined {
  return (
    subsets.find(subset => subset.name === version) ??
    subsets.find(subset => VERSION_LABELS.some(label => subset.labels[label] === version))
  );
}

/** Whether every port of the service says that it is not HTTP: Istio routes it by `tcp`, not by `http`. */
export function isLayer4(world: World, fqdn: string): boolean {
  const ports = findService(world, fqdn, serviceOf(fqdn)?.namespace ?? '')?.ports ?? [];
  return ports.length > 0 && ports.every(({ http }) => !http);
}
