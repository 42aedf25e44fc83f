/** The DestinationRule that holds for a client and a host, and the subsets it defines. */
import type { JsonObject, KubeObject } from '../../object.ts';
import { fullHost, serviceOf } from '../hosts.ts';
import type { World } from '../world.ts';
import { hasLabels, labels, object, objects, strings, text } from './json.ts';
import { bestPattern } from './patterns.ts';
import { byAge, visibility } from './visibility.ts';

export interface EffectiveRule {
  /** The rules it was merged from: one host, one namespace, oldest first. */
  rules: KubeObject[];
  /** Of the first rule that has one. */
  trafficPolicy?: JsonObject;
  /** name → labels; of two subsets of one name the older rule's. */
  subsets: Map<string, Record<string, string>>;
}

/**
 * The first of these that has a rule for the host, whole: the client's namespace, the service's, the root's.
 * Nothing is merged across namespaces; rules of the same host in one namespace are.
 * https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services
 */
export function effectiveRule(
  world: World,
  host: string,
  client: { namespace: string; labels: Record<string, string> },
  serviceNamespace = serviceOf(host)?.namespace,
): EffectiveRule | undefined {
  const visible = world.forHost('DestinationRule', host).filter(rule => {
    const rank = visibility(rule, client.namespace);
    return rank !== undefined && selects(rule, client);
  });
  const within = (namespace?: string) => visible.filter(rule => rule.metadata.namespace === namespace);
  // Public rules of the root namespace are meant for all; a client that lives there takes them last, too.
  const own = within(client.namespace);
  const first = client.namespace === world.rootNamespace ? own.filter(isPrivate) : own;
  for (const rules of [first, within(serviceNamespace), within(world.rootNamespace)]) {
    const best = bestPattern(rules.map(hostOf), host);
    if (best !== undefined) return merged(rules.filter(rule => hostOf(rule) === best).sort(byAge));
  }
  return undefined;
}

function hostOf(rule: KubeObject): string {
  return fullHost(text(rule.spec?.host) ?? '', rule.metadata.namespace ?? '');
}

function isPrivate(rule: KubeObject): boolean {
  const exportTo = strings(rule.spec?.exportTo);
  return exportTo.length > 0 && !exportTo.includes('*');
}

/** A rule with a workloadSelector holds for those clients of its own namespace only. */
function selects(rule: KubeObject, client: { namespace: string; labels: Record<string, string> }): boolean {
  const selector = object(rule.spec?.workloadSelector);
  if (!selector) return true;
  return rule.metadata.namespace === client.namespace && hasLabels(client.labels, labels(selector.matchLabels));
}

function merged(rules: KubeObject[]): EffectiveRule {
  // A rule made for this very workload goes before the general ones.
  const chosen = rules.some(rule => rule.spec?.workloadSelector)
    ? rules.filter(rule => rule.spec?.workloadSelector)
    : rules;
  const subsets = new Map<string, Record<string, string>>();
  for (const rule of chosen) {
    for (const subset of objects(rule.spec?.subsets)) {
      const name = text(subset.name);
      if (name && !subsets.has(name)) subsets.set(name, labels(subset.labels));
    }
  }
  const policy = chosen.map(rule => object(rule.spec?.trafficPolicy)).find(each => each !== undefined);
  return { rules: chosen, subsets, ...(policy ? { trafficPolicy: policy } : {}) };
}
