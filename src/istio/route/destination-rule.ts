/** The DestinationRule that holds for a client and a host, and the subsets it defines. */
import type { JsonObject, KubeObject } from '../../object.ts';
import { fullHost, serviceOf } from '../hosts.ts';
import type { World } from '../world.ts';
import { hasLabels, labels, object, objects, strings, text } from './json.ts';
import { bestPattern } from './patterns.ts';
import { byAge } from './visibility.ts';

export interface EffectiveRule {
  /** The rules it was merged from: one host, one namespace, oldest first. */
  rules: KubeObject[];
  /** Of the first rule that has one. */
  trafficPolicy?: JsonObject;
  /** name → labels; of two subsets of one name the older rule's. */
  subsets: Map<string, Record<string, string>>;
}

interface RuleClient {
  namespace: string;
  labels: Record<string, string>;
}

/** Rules of one host and namespace that are merged, as only those are that are exported to the same namespaces. */
interface Group {
  exportTo: Set<string>;
  selector: JsonObject | undefined;
  rules: KubeObject[];
}

/**
 * The first of these that has a rule for the host, whole: the client's namespace, the service's, the root's.
 * Nothing is merged across namespaces. Of the rules of one namespace the most specific host counts, and of several
 * groups that are exported differently the last.
 * https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services
 */
export function effectiveRule(
  world: World,
  host: string,
  client: RuleClient,
  serviceNamespace = serviceOf(host)?.namespace,
): EffectiveRule | undefined {
  const all = world.forHost('DestinationRule', host);
  const chosen = (namespace: string | undefined, holds: (rule: KubeObject) => boolean) =>
    grouped(
      all.filter(rule => rule.metadata.namespace === namespace && holds(rule)),
      host,
    );
  // Public rules of the root namespace are meant for all; a client that lives there takes them last, too.
  const own = client.namespace === world.rootNamespace ? isPrivate : isAtHome;
  const exported = (namespace: string | undefined) =>
    chosen(namespace, rule => !isPrivate(rule)).filter(group => isExported(group, client.namespace));
  const found = [
    () => chosen(client.namespace, own),
    () => exported(serviceNamespace),
    () => exported(world.rootNamespace),
  ];
  for (const look of found) {
    const groups = look();
    if (groups.length > 0) return best(groups, client);
  }
  return undefined;
}

/** One made for this very workload, else the last that is for all. */
function best(groups: Group[], client: RuleClient): EffectiveRule | undefined {
  const own = groups.find(({ selector, rules }) => {
    const here = rules[0]?.metadata.namespace === client.namespace;
    return here && selector !== undefined && hasLabels(client.labels, labels(selector.matchLabels));
  });
  const group = own ?? groups.findLast(({ selector }) => selector === undefined);
  return group && merged(group.rules);
}

function grouped(rules: KubeObject[], host: string): Group[] {
  const pattern = bestPattern(rules.map(hostOf), host);
  const ordered = rules
    .filter(rule => hostOf(rule) === pattern)
    .sort((a, b) => Number(!selectorOf(a)) - Number(!selectorOf(b)) || byAge(a, b));
  const groups: Group[] = [];
  for (const rule of ordered) {
    const exportTo = exportOf(rule);
    const selector = selectorOf(rule);
    const joined = groups.filter(group => joins({ exportTo, selector }, group));
    for (const group of joined) group.rules.push(rule);
    if (joined.length === 0 || joined.at(-1) !== groups.at(-1)) groups.push({ exportTo, selector, rules: [rule] });
  }
  return groups;
}

/** The same namespaces, or more than those that the group is exported to. */
function joins({ exportTo, selector }: Pick<Group, 'exportTo' | 'selector'>, group: Group): boolean {
  if (JSON.stringify(labels(selector?.matchLabels)) !== JSON.stringify(labels(group.selector?.matchLabels)))
    return false;
  const covers = [...group.exportTo].every(each => exportTo.has(each));
  return covers && (group.exportTo.size === exportTo.size || group.exportTo.size > 0);
}

/** A rule with a workloadSelector is for clients of its own namespace only. */
function exportOf(rule: KubeObject): Set<string> {
  return new Set(selectorOf(rule) ? ['.'] : strings(rule.spec?.exportTo));
}

function selectorOf(rule: KubeObject): JsonObject | undefined {
  return object(rule.spec?.workloadSelector);
}

function hostOf(rule: KubeObject): string {
  return fullHost(text(rule.spec?.host) ?? '', rule.metadata.namespace ?? '');
}

function isAtHome(rule: KubeObject): boolean {
  const to = exportOf(rule);
  return to.size === 0 || ['*', '.', rule.metadata.namespace ?? ''].some(each => to.has(each));
}

function isPrivate(rule: KubeObject): boolean {
  const to = exportOf(rule);
  return to.size === 1 && (to.has('.') || to.has(rule.metadata.namespace ?? ''));
}

function isExported({ exportTo }: Group, namespace: string): boolean {
  return exportTo.size === 0 || exportTo.has('*') || exportTo.has(namespace);
}

function merged(rules: KubeObject[]): EffectiveRule {
  const subsets = new Map<string, Record<string, string>>();
  for (const rule of rules) {
    for (const subset of objects(rule.spec?.subsets)) {
      const name = text(subset.name);
      if (name && !subsets.has(name)) subsets.set(name, labels(subset.labels));
    }
  }
  const policy = rules.map(rule => object(rule.spec?.trafficPolicy)).find(each => each !== undefined);
  return { rules, subsets, ...(policy ? { trafficPolicy: policy } : {}) };
}
