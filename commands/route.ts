/** `route reviews v3 --header end-user=mina`: requests that meet some conditions to one version. */
import { defineChange } from '../src/command.ts';
import { refuse } from '../src/istio/edit/outcome.ts';
import { conditionOf, isRefused } from '../src/istio/edit/place/condition.ts';
import { lasting } from '../src/istio/edit/plan/lasting.ts';
import { planRouting } from '../src/istio/edit/plan/plan.ts';
import { hasFault } from '../src/istio/edit/plan/traffic.ts';
import { planRoute } from '../src/istio/edit/route/route.ts';
import { planUnroute } from '../src/istio/edit/route/unroute.ts';
import { hostMeant } from '../src/istio/edit/service/service.ts';
import { serviceOf, shortHost } from '../src/istio/hosts.ts';
import { FOR } from './answers/lasting.ts';

export default defineChange({
  verb: 'route',
  summary: 'Send the requests that meet some conditions to one version',
  writes: ['VirtualService', 'DestinationRule'],
  parameters: {
    service: { type: 'service', required: true, about: 'the service that they are for' },
    version: { type: 'version', of: 'service', about: 'the version that gets them; left out with --remove' },
    header: { type: 'pairs', flag: true, shown: 'k=v', about: 'a header they carry; may be given several times' },
    user: { type: 'word', flag: true, about: 'short for --header end-user=…' },
    path: { type: 'word', flag: true, about: 'their path: /p exactly, /p* all that begin so, ~regex' },
    method: { type: 'word', flag: true, about: 'their method' },
    from: { type: 'word', flag: true, about: 'the workload that sends them, by the label app of its pods' },
    remove: { type: 'switch', flag: true, about: 'take the route for these requests away' },
    route: { type: 'word', flag: true, about: 'with --remove: the route, by its name' },
    in: { type: 'word', flag: true, about: 'the VirtualService meant, where several route the service' },
    for: FOR,
  },
  examples: [
    { line: 'route reviews v3 --header end-user=mina', says: 'all requests of user mina' },
    { line: 'route reviews v3 --user jason', says: 'those of jason: the route that he has gets another destination' },
    { line: 'route reviews v2 --header x-beta= --path /reviews* --method GET', says: 'those that meet all of it' },
    { line: 'route reviews v3 --header "cookie=~.*beta=1.*"', says: 'by a regular expression' },
    { line: 'route reviews v2 --from productpage', says: 'those that productpage sends' },
    { line: 'route reviews v3 --user jason --for 1h', says: 'for an hour; it then goes back by itself' },
    { line: 'route reviews --remove --user jason', says: 'takes the route of jason away' },
  ],
  notes: [
    'A header: k=v is that very value, k^=v a beginning, k=~v a regular expression (RE2) for the whole value, k= any value. Conditions are joined by “and”; for “or”, make another route.',
    'The new route stands before the one that takes these requests now, and keeps its timeout, retries and the like. Where a route for exactly these requests is there, only its destination changes.',
    'All other requests stay as they are, and the proof sends some of them too.',
  ],
  settle: faultOf,
  plan(values, context) {
    const { world, templates, namespace } = context;
    const { service, version, remove, route } = values;
    const fqdn = hostMeant(service, namespace);
    const fault = faultOf(values);
    if (fault !== undefined) return refuse('arguments', '', fault, 'Give the command again.');
    const block = conditionOf(values, world, serviceOf(fqdn)?.namespace ?? namespace);
    if (isRefused(block)) return block;
    const by = route === undefined ? { block } : { route };
    if (route === undefined && Object.keys(block).length === 0) {
      return refuse('route-for-all', '', 'These conditions take every request.', 'Use `shift` to move all requests.');
    }
    const request = { fqdn, in: values.in, reader: namespace };
    const routed =
      remove === true || version === undefined
        ? planUnroute(world, { ...request, by })
        : planRoute(world, templates, { ...request, version, block });
    if (routed.kind !== 'edit') return routed;
    const { says, writes, notes, findings, root, sample, hop, alsoServes } = routed;
    const which = says.length > 60 ? `${says.slice(0, 59)}…` : says;
    const name = shortHost(fqdn, namespace);
    const planned = planRouting(
      {
        title:
          remove === true
            ? `Take the route of ${name} where ${which} away`
            : `Route ${name} where ${which} to ${version}`,
        ...{ fqdn, writes, notes, findings, root, sample, hop, says },
        fault: hasFault(routed.route),
        wide: alsoServes.length > 0,
      },
      context,
    );
    return lasting(planned, values.for);
  },
});

/** What no look at the mesh is needed for. */
function faultOf(values: { [name: string]: unknown }): string | undefined {
  const { version, remove, route } = values;
  const conditions = ['header', 'user', 'path', 'method', 'from'].filter(name => values[name] !== undefined);
  if (remove === true) {
    if (version !== undefined) return 'With `--remove` no version is needed: leave it out.';
    if (route !== undefined && conditions.length > 0) return 'Say either `--route` or conditions, not both.';
    if (route === undefined && conditions.length === 0) return 'Say which route: by `--route`, or by its conditions.';
    return undefined;
  }
  if (route !== undefined) return '`--route` names the route for `--remove`. Say which requests instead.';
  if (version === undefined) return 'Say which version gets them: `route reviews v3 --user jason`.';
  if (conditions.length === 0) {
    return 'Say which requests: `--header`, `--user`, `--path`, `--method` or `--from`. `shift` moves all of them.';
  }
  return undefined;
}
