/** From where `curl` and `trace` send: the pod that was meant, or one that could be. */
import type { PlanningContext } from '../../src/command.ts';
import { derivedProbe } from '../../src/istio/edit/plan/probe.ts';
import { hostMeant, serviceFor } from '../../src/istio/edit/service/service.ts';
import { readyPods } from '../../src/istio/edit/service/versions.ts';
import { fullHost, serviceOf } from '../../src/istio/hosts.ts';
import type { World } from '../../src/istio/world.ts';
import type { ProbeSource } from '../../src/ports.ts';
import type { Phrase } from '../../src/view.ts';

/** A pod by its name, or any Ready one of the service or app of that name. A string says why there is none. */
export function sourceOf(from: ProbeSource, { world, namespace }: PlanningContext): ProbeSource | string {
  if (from.kind === 'gateway') return from;
  const home = from.namespace === '' ? namespace : from.namespace;
  if (world.get('Pod', home, from.pod)) return { ...from, namespace: home };
  const behind = readyPods(world, hostMeant(from.pod, home));
  const pod = behind[0] ?? world.pods(home, { app: from.pod })[0];
  if (pod) return { ...from, namespace: home, pod: pod.metadata.name };
  return `There is no pod ${from.pod} in ${home}, and no Ready one of a service or app of that name. Name one that is there.`;
}

/** A service beside it whose pods could ask it, as `--from` takes it. */
export function callerFor(fqdn: string, world: World, namespace: string): string | undefined {
  const own = serviceOf(fqdn)?.namespace ?? namespace;
  const names = world
    .all('Service')
    .filter(({ metadata }) => metadata.namespace === own)
    .map(({ metadata }) => metadata.name)
    .sort();
  const found = names.find(name => fullHost(name, own) !== fqdn && readyPods(world, fullHost(name, own)).length > 0);
  return found === undefined || own === namespace ? found : `${found}.${own}`;
}

/** A service that no gateway leads to answers 404 from outside, which says little. */
export function insideHint(
  verb: string,
  typed: string,
  from: ProbeSource,
  { world, namespace }: PlanningContext,
): Phrase | undefined {
  const { hostname } = new URL(typed);
  const fqdn = hostMeant(hostname, namespace);
  if (from.kind !== 'gateway' || !serviceFor(world, fqdn) || derivedProbe(world, fqdn)) return undefined;
  const caller = callerFor(fqdn, world, namespace);
  const path = typed.replace(/^http:\/\//, '');
  return [
    `No gateway sends requests straight to ${hostname}. Ask from a pod: `,
    { code: `${verb} ${path} --from pod:${caller ?? '<name>'}` },
  ];
}
