/** `shift reviews v3 50`: a share of a service's requests to one of its versions. */
import { defineChange } from '../src/command.ts';
import { planRouting } from '../src/istio/edit/plan/plan.ts';
import { hasFault } from '../src/istio/edit/plan/traffic.ts';
import { hostMeant } from '../src/istio/edit/service/service.ts';
import { planShift } from '../src/istio/edit/shift.ts';
import { shortHost } from '../src/istio/hosts.ts';

export default defineChange({
  verb: 'shift',
  summary: 'Send a share of a service’s requests to one version',
  writes: ['VirtualService', 'DestinationRule'],
  parameters: {
    service: { type: 'service', required: true, about: 'the service whose requests move' },
    version: { type: 'version', of: 'service', required: true, about: 'the version that gets the share' },
    percent: { type: 'percent', required: true, about: 'its share of the requests, 0 to 100' },
    route: { type: 'word', flag: true, shown: '<name>', about: 'the route meant, by its name' },
    match: { type: 'word', flag: true, shown: '<condition>', about: 'the route meant, by a condition of its match' },
    rest: {
      type: 'version',
      of: 'service',
      flag: true,
      shown: '<version>',
      about: 'the version that takes all the rest',
    },
    in: {
      type: 'word',
      flag: true,
      shown: '<VirtualService>',
      about: 'the VirtualService meant, where several route the service',
    },
  },
  examples: [
    { line: 'shift reviews v3 50', says: 'half of the requests to v3' },
    { line: 'shift reviews v3 100', says: 'all of them' },
    { line: 'shift reviews v3 100 --match "end-user = jason"', says: 'all requests of user jason' },
    { line: 'shift details v1 100', says: 'makes the first routing of a service that has none' },
  ],
  notes: [
    'What is there is edited; all else in it stays as it is. Where a service has no VirtualService, or a version no subset, they are created, the DestinationRule first.',
    'Without --route or --match the one route that takes all other requests is meant. Routes with a match keep their own shares, and the card names them.',
    'The other versions share the rest in the proportions they had. --rest gives all of it to one of them.',
  ],
  plan(values, context) {
    const fqdn = hostMeant(values.service, context.namespace);
    const { version, percent, rest, route, match } = values;
    const shifted = planShift(context.world, context.templates, {
      fqdn,
      version,
      percent,
      ...(rest !== undefined && { rest }),
      route,
      match,
      in: values.in,
      reader: context.namespace,
    });
    if (shifted.kind !== 'edit') return shifted;
    const { says, writes, notes, root, sample, alsoServes } = shifted;
    const which = says.length > 60 ? `${says.slice(0, 59)}…` : says;
    const whose = /^all (other )?requests$/.test(says) ? '' : ` where ${which}`;
    return planRouting(
      {
        title: `Send ${percent} % of ${shortHost(fqdn, context.namespace)}${whose} to ${version}`,
        fqdn,
        writes,
        notes,
        root,
        sample,
        says,
        fault: hasFault(shifted.route),
        wide: alsoServes.length > 0,
      },
      context,
    );
  },
});
