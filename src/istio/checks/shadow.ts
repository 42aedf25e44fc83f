/**
 * An object that is made anew takes the place of another for some clients, whole: rules of a nearer namespace and of a
 * narrower host, and VirtualServices that are more private or more exact, are not merged with what they replace.
 */
import type { KubeObject } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import { entryOf } from '../edit/service/service.ts';
import { serviceOf, shortHost } from '../hosts.ts';
import { effectiveRule } from '../route/destination-rule.ts';
import { gatewaysOf, hostsOf, meshVirtualServices } from '../route/mesh.ts';
import type { World } from '../world.ts';
import { type Check, type CheckContext, keyOf } from './check.ts';

export const shadow: Check = {
  about: 'change',
  rules: [
    {
      code: 'routes-shadowed',
      severity: 'error',
      what: 'A new VirtualService takes the place of one that is in force for the same host: private goes before exported before public, and an exact host before a wildcard. The routes of the other are lost to those clients.',
      fix: 'Put the new routes into the one that is in force.',
      source: 'https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration',
    },
    {
      code: 'rule-shadowed',
      severity: 'error',
      what: 'A new DestinationRule takes the place of one of another namespace or of a wider host, whole: its trafficPolicy (TLS, connection pool, outlier detection) or its subsets are lost to those clients.',
      fix: 'Take over what the other rule says, or change that one.',
      source: 'https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration',
    },
  ],
  find: context =>
    context.writes.flatMap(({ ref, before, after }) => {
      if (before || !after) return [];
      if (ref.kind === 'VirtualService') return routesLost(context, after);
      return ref.kind === 'DestinationRule' ? ruleLost(context, after) : [];
    }),
};

function routesLost({ before, after }: CheckContext, object: KubeObject): Finding[] {
  if (!gatewaysOf(object).includes('mesh')) return [];
  return hostsOf(object).flatMap(host => {
    for (const client of clientsOf(host, object)) {
      const [was] = meshVirtualServices(before, host, client);
      const [is] = meshVirtualServices(after, host, client);
      if (!was || !is || keyOf(is) !== keyOf(object) || hostsOf(was).includes(host) === isSamePrivacy(was, object))
        continue;
      return [
        {
          code: 'routes-shadowed',
          severity: 'error' as const,
          path: keyOf(object),
          message: `${keyOf(was)} routes ${shortHost(host, object.metadata.namespace)} for ${wordsOf(client)}: the new one would take its place whole.`,
          fix: `Put the routes into ${keyOf(was)}.`,
        },
      ];
    }
    return [];
  });
}

/** Of two equally visible ones for one host it is age that decides: that is the check of duplicate hosts. */
function isSamePrivacy(a: KubeObject, b: KubeObject): boolean {
  return (
    a.metadata.namespace === b.metadata.namespace &&
    JSON.stringify(a.spec?.exportTo) === JSON.stringify(b.spec?.exportTo)
  );
}

function ruleLost({ before, after }: CheckContext, object: KubeObject): Finding[] {
  const namespace = object.metadata.namespace ?? '';
  const host =
    typeof object.spec?.host === 'string' ? entryOf({ destination: { host: object.spec.host } }, namespace).host : '';
  for (const client of clientsOf(host, object)) {
    const [was, is] = [ruleFor(before, host, client), ruleFor(after, host, client)];
    if (!was || !is || was.rules.some(rule => is.rules.includes(rule))) continue;
    const subsets = [...was.subsets.keys()].filter(name => !is.subsets.has(name));
    const lost = [
      ...(was.trafficPolicy && !is.trafficPolicy ? ['its trafficPolicy'] : []),
      ...(subsets.length > 0 ? [`the subsets ${subsets.join(', ')}`] : []),
    ];
    if (lost.length === 0) continue;
    const other = keyOf(was.rules[0]!);
    return [
      {
        code: 'rule-shadowed',
        severity: 'error',
        path: keyOf(object),
        message: `${other} holds for ${shortHost(host, namespace)} and ${wordsOf(client)}: the new rule would take its place whole, and ${lost.join(' and ')} would be lost.`,
        fix: `Take over what ${other} says, or change that one.`,
      },
    ];
  }
  return [];
}

function ruleFor(world: World, host: string, client: string) {
  return effectiveRule(world, host, { namespace: client, labels: {} });
}

/** Clients beside the service, beside the new object, and in any other namespace. */
function clientsOf(host: string, object: KubeObject): string[] {
  return [...new Set([serviceOf(host)?.namespace ?? '', object.metadata.namespace ?? '', ''])];
}

function wordsOf(client: string): string {
  return client === '' ? 'clients in other namespaces' : `clients in ${client}`;
}
