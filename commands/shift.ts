/** `shift reviews v3 50`: a share of a service's requests to one of its versions. */
import { defineChange } from '../src/command.ts';
import { sayDuration } from '../src/duration.ts';
import { refuse } from '../src/istio/edit/outcome.ts';
import { routesConnections } from '../src/istio/edit/plan/connections.ts';
import { countedAs } from '../src/istio/edit/plan/counted.ts';
import { lasting } from '../src/istio/edit/plan/lasting.ts';
import { planRouting } from '../src/istio/edit/plan/plan.ts';
import { planSteps } from '../src/istio/edit/plan/steps.ts';
import { hasFault } from '../src/istio/edit/plan/traffic.ts';
import { hostMeant } from '../src/istio/edit/service/service.ts';
import { planShift } from '../src/istio/edit/shift.ts';
import { shortHost } from '../src/istio/hosts.ts';
import type { Gate } from '../src/plan.ts';
import { FOR } from './answers/lasting.ts';

/** ms. Less is no time to see anything in. */
const EVERY_LEAST = 5_000;
/** ms: a day. */
const EVERY_MOST = 86_400_000;
/** The card shows each of them. */
const STEPS_MOST = 10;

export default defineChange({
  verb: 'shift',
  summary: 'Send a share of a service’s requests to one version',
  writes: ['VirtualService', 'DestinationRule'],
  parameters: {
    service: { type: 'service', required: true, about: 'the service whose requests move' },
    version: { type: 'version', of: 'service', required: true, about: 'the version that gets the share' },
    percent: {
      type: 'percents',
      required: true,
      about: 'its share of the requests, 0 to 100; several that rise, as 5,25,50, are steps',
    },
    every: {
      type: 'duration',
      flag: true,
      shown: '<time>',
      least: EVERY_LEAST,
      most: EVERY_MOST,
      about: 'how long each step is held at least: 10m, 90s',
    },
    gate: {
      type: 'gates',
      flag: true,
      shown: '<errors<1%>',
      about: 'what the version must keep to in every step: errors<1%, p95<500ms, p50<200ms; may be given several times',
    },
    for: FOR,
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
    {
      line: 'shift reviews v3 5,25,50,100 --every 10m --gate errors<1% --gate p95<500ms',
      says: 'in steps of ten minutes, back at once where a gate breaks',
    },
    { line: 'shift reviews v3 50 --for 30m', says: 'half of them for half an hour' },
    { line: 'shift details v1 100', says: 'makes the first routing of a service that has none' },
  ],
  notes: [
    'What is there is edited; all else in it stays as it is. Where a service has no VirtualService, or a version no subset, they are created, the DestinationRule first.',
    'Without --route or --match the one route that takes all other requests is meant. Routes with a match keep their own shares, and the card names them.',
    'The other versions share the rest in the proportions they had. --rest gives all of it to one of them.',
    'One approval covers all steps and the way back. A step is left when its time is over and every gate is kept, by at least 50 requests of that step; where that cannot be judged it is held, for an hour at most, then it goes back. Errors go back at once when chance cannot explain them.',
    'Pause, Resume and Abort are on its card: who asked and who may approve may pause and abort, who may approve may resume. If somebody else changes the route, it stops and leaves all as it is.',
    'With --for, Keep makes it stay (as many must say so as approve it), Revert now takes it back.',
  ],
  settle: faultOf,
  plan(values, context) {
    const fqdn = hostMeant(values.service, context.namespace);
    const { version, rest, route, match, every, gate = [] } = values;
    const fault = faultOf(values);
    if (fault !== undefined) return refuse('arguments', '', fault, 'Give the command again.');
    const shifts = planSteps(context.world, sharesOf(values.percent), (world, percent) =>
      planShift(world, context.templates, {
        ...{ fqdn, version, percent, route, match, in: values.in, reader: context.namespace },
        ...(rest !== undefined && { rest }),
      }),
    );
    if (shifts.kind !== 'stepped') return shifts;
    if (gate.length > 0 && routesConnections(shifts.shifted.writes)) {
      return refuse(
        'gate-without-requests',
        `Service/${fqdn}`,
        `${shortHost(fqdn, context.namespace)} is routed by connections (tcp, tls): the mesh counts no requests, errors or latencies of them, so no gate could ever be judged.`,
        'Give the command again without --gate: then the time of each step counts, and Pause and Abort are on the card.',
      );
    }
    const { shifted, steps, earlier, after } = shifts;
    const { says, writes, notes, root, sample, hop, alsoServes } = shifted;
    const which = says.length > 60 ? `${says.slice(0, 59)}…` : says;
    const whose = /^all (other )?requests$/.test(says) ? '' : ` where ${which}`;
    // One step that is left of several is judged like any other.
    const inSteps = every !== undefined && (steps.length > 1 || gate.length > 0);
    const shares = inSteps ? steps.map(({ percent }) => percent).join(', ') : `${sharesOf(values.percent).at(-1)}`;
    const planned = planRouting(
      {
        title: `Send ${shares} % of ${shortHost(fqdn, context.namespace)}${whose} to ${version}`,
        ...{ fqdn, writes, root, sample, hop, says, earlier },
        notes: [...notes, ...(inSteps ? [saySteps(every, gate)] : [])],
        fault: hasFault(shifted.route),
        wide: alsoServes.length > 0,
      },
      context,
    );
    if (planned.kind !== 'plan') return planned;
    const counted = countedAs(after, fqdn, version, writes);
    const rollout = inSteps ? { rollout: { version, counted, every, gates: gate, steps } } : {};
    return lasting({ kind: 'plan', plan: { ...planned.plan, ...rollout } }, values.for);
  },
});

/** What no look at the mesh is needed for. */
function faultOf(values: {
  percent: number[];
  every?: number | undefined;
  gate?: Gate[] | undefined;
}): string | undefined {
  const { every, gate = [] } = values;
  const percent = sharesOf(values.percent);
  if (percent.length > STEPS_MOST) return `More than ${STEPS_MOST} steps are too many: leave some out.`;
  if (percent.length > 1 && every === undefined) return 'Say how long each step is held: `--every 10m`.';
  if (percent.length > 1 && percent[0] === 0) return 'A step of 0 % moves nothing: begin with more.';
  if (percent.length === 1 && (every !== undefined || gate.length > 0)) {
    return '`--every` and `--gate` are for steps: write several shares, as `5,25,50,100`.';
  }
  const twice = gate.find(({ measure }, at) => gate.findIndex(each => each.measure === measure) !== at);
  return twice && `\`${twice.measure}\` has two gates: keep one of them.`;
}

/** Changes that were stored before there were steps hold one number. */
function sharesOf(percent: number[] | number): number[] {
  return [percent].flat();
}

function saySteps(every: number, gates: Gate[]): string {
  const held = `Each step is held for ${sayDuration(every)} at least`;
  if (gates.length === 0) return `${held}. Nothing judges the steps: without --gate only their time counts.`;
  return `${held}, and left only when its gates are kept. Where one breaks, it goes back to what is there now, at once.`;
}
