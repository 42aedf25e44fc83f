/** `mirror reviews v2 10`: copies of a part of the requests to one version, whose answers are thrown away. */
import { defineChange } from '../src/command.ts';
import { planMirror } from '../src/istio/edit/mirror/mirror.ts';
import { refuse } from '../src/istio/edit/outcome.ts';
import { lasting } from '../src/istio/edit/plan/lasting.ts';
import { planRouting } from '../src/istio/edit/plan/plan.ts';
import { hasFault } from '../src/istio/edit/plan/traffic.ts';
import { hostMeant } from '../src/istio/edit/service/service.ts';
import { shortHost } from '../src/istio/hosts.ts';
import { FOR } from './answers/lasting.ts';

export default defineChange({
  verb: 'mirror',
  summary: 'Send copies of a service’s requests to one version',
  writes: ['VirtualService', 'DestinationRule'],
  parameters: {
    service: { type: 'service', required: true, about: 'the service whose requests are copied' },
    version: {
      type: 'version',
      of: 'service',
      or: ['off'],
      required: true,
      shown: '<version|off>',
      about: 'the version that gets the copies, or off',
    },
    percent: { type: 'percent', about: 'of how many of the requests, 1 to 100' },
    route: { type: 'word', flag: true, about: 'the route meant, by its name' },
    match: { type: 'word', flag: true, about: 'the route meant, by a condition of its match' },
    in: { type: 'word', flag: true, about: 'the VirtualService meant, where several route the service' },
    for: FOR,
  },
  examples: [
    { line: 'mirror reviews v2 10', says: 'copies of every tenth request to v2' },
    { line: 'mirror reviews v3 100 --match "end-user = jason"', says: 'of all requests of user jason' },
    { line: 'mirror reviews v3 50 --for 30m', says: 'for half an hour' },
    { line: 'mirror details v1 50', says: 'makes the first routing of a service that has none' },
  ],
  notes: [
    '`mirror <service> off` ends it. People get the answers they would get without it; those to copies are thrown away.',
    'Without --route or --match the one route that takes all other requests is meant.',
    'Istio keeps copies out of traces, so the proof counts them by the metrics of both sides: it needs Prometheus.',
  ],
  settle: faultOf,
  plan(values, context) {
    const { world, templates, namespace } = context;
    const { service, version, percent } = values;
    const fault = faultOf(values);
    if (fault !== undefined) return refuse('arguments', '', fault, 'Give the command again.');
    const fqdn = hostMeant(service, namespace);
    const mirrored = planMirror(world, templates, {
      fqdn,
      ...(percent !== undefined && { to: { version, percent } }),
      ...{ route: values.route, match: values.match, in: values.in, reader: namespace },
    });
    if (mirrored.kind !== 'edit') return mirrored;
    const { says, writes, notes, root, sample, alsoServes } = mirrored;
    const which = says.length > 60 ? `${says.slice(0, 59)}…` : says;
    const name = `${shortHost(fqdn, namespace)}${/^all (other )?requests$/.test(says) ? '' : ` where ${which}`}`;
    const planned = planRouting(
      {
        title:
          percent === undefined
            ? `Send no copies of ${name} any more`
            : `Send copies of ${percent} % of ${name} to ${version}`,
        ...{ fqdn, writes, notes, root, sample, says },
        fault: hasFault(mirrored.route),
        wide: alsoServes.length > 0,
      },
      context,
    );
    return lasting(planned, values.for);
  },
});

/** What no look at the mesh is needed for. */
function faultOf({ version, percent }: { version: string; percent?: number | undefined }): string | undefined {
  if (version === 'off') return percent === undefined ? undefined : '`off` takes no share: leave it out.';
  if (percent === undefined) return 'Say of how many requests: `mirror reviews v2 10` copies every tenth.';
  return percent === 0 ? 'Copies of 0 % are none: say `mirror <service> off`.' : undefined;
}
