/** Plans a change against the mesh as it is now, and asks the API server what it would say to each write. */
import { ownerOf } from '../istio/edit/place/owner.ts';
import type { Finding, Plan, Planning } from '../plan.ts';
import { ClusterError, type Write } from '../ports.ts';
import { standingOf } from './asking.ts';
import { mayAsk, possibleRules, rulesFor, strictest } from './authority.ts';
import { advance, type Context } from './context.ts';
import { firstWrites } from './course/step-writes.ts';
import { digestOf, intended } from './digest.ts';
import { freezesUnheard, frozen, policyUnder } from './freezing.ts';
import { marked } from './marking.ts';
import { measuredRates } from './measuring.ts';
import type { MeshChange, StoredPlan } from './meshchange.ts';
import { mutated } from './mutation.ts';
import { enteredAt, statusOf } from './phases.ts';
import { aboutObject, plain, sentence } from './phrases.ts';
import { sharedObjects } from './sharing.ts';
import { tooLarge } from './size.ts';

/** ms until a plan that could not be made now is tried again, or undefined: it is made, or cannot be. */
export async function plan(context: Context, change: MeshChange): Promise<number | undefined> {
  const { clock, timing, cluster } = context;
  const name = change.metadata.name;
  const { age } = cluster.world();
  const waited = clock.now() - (enteredAt(change) ?? clock.now());
  if (waited > timing.patience) {
    const why = statusOf(change).message ?? 'It could not be planned in time';
    await advance(context, name, { type: 'expired', why });
    return undefined;
  }
  if (age > timing.worldAge) {
    await hold(context, change, 'Nothing was heard of the cluster for a while; it is planned as soon as it answers');
    return 5_000;
  }
  const unheard = freezesUnheard(context);
  if (unheard !== undefined) {
    await hold(context, change, unheard);
    return 5_000;
  }
  const planning = tryPlanner(context, change);
  const forbidden = await mayNotAsk(context, change, planning);
  if (forbidden !== undefined) {
    await refuse(context, change, forbidden, []);
    return undefined;
  }
  switch (planning.kind) {
    case 'refused':
      await refuse(context, change, 'The checks found what must not be', planning.findings);
      return undefined;
    case 'nothing':
      await refuse(context, change, plain(planning.why), []);
      return undefined;
    case 'choose': {
      const { argument, choices } = planning;
      const expiresAt = clock.now() + Math.min(...context.policy().rules.map(rule => rule.expires), 86_400_000);
      const question = { argument, question: plain(planning.question), choices };
      await advance(context, name, { type: 'asked', question, expiresAt });
      return undefined;
    }
    case 'plan':
      return propose(context, change, planning.plan);
  }
}

/** Pure but for the log; what throws is refused. */
export function tryPlanner(context: Context, change: MeshChange): Planning {
  try {
    return context.planner(change, context.cluster.world().world);
  } catch (error) {
    context.log.error({ change_id: change.metadata.name, err: error }, 'planner threw');
    const message = 'meshbot could not plan this because of a fault of its own; its log has the details';
    return { kind: 'refused', findings: [{ code: 'planner-failed', severity: 'error', path: '', message }] };
  }
}

async function mayNotAsk(context: Context, change: MeshChange, planning: Planning): Promise<string | undefined> {
  const policy = context.policy();
  const made = planning.kind === 'plan' ? planning.plan : undefined;
  const about = made ?? {};
  const rules = made ? (rulesFor(policy, made) ?? []) : possibleRules(policy, {});
  const { team, user } = change.spec.requester;
  const waited = context.clock.now() - (enteredAt(change) ?? context.clock.now());
  const patient = waited < context.timing.patience / 6;
  const standing = await standingOf(context, user, { rules, right: 'ask', patient });
  const foreign = standing.person && standing.person.team !== team;
  return mayAsk(policy, about, foreign ? { ...standing, person: undefined } : standing);
}

async function propose(context: Context, change: MeshChange, made: Plan): Promise<number | undefined> {
  const shared = sharedObjects(change, made, context.book.open());
  const held = context.freezes ? frozen(made, context.freezes, context.policy(), context.clock.now()) : [];
  const findings = [...held, ...made.findings, ...shared];
  if (findings.some(finding => finding.severity === 'error')) {
    const why = held.some(({ severity }) => severity === 'error')
      ? 'It is frozen'
      : 'The checks found what must not be';
    await refuse(context, change, why, findings);
    return undefined;
  }
  const measured = measuredRates(context, made.expectation.host, made.sender);
  // Of steps the first is what is written first; the others differ from it and the last in weights alone.
  const tried = made.rollout ? [...firstWrites(made), ...made.writes] : made.writes;
  const watched = made.rollout !== undefined || made.lasts !== undefined;
  for (const write of tried) {
    const outcome = await dryRun(context, change, write);
    if (outcome === 'later') return 1_000;
    // Who goes on from its own write, or back to what was, must know it again.
    if (outcome?.finding.severity === 'warning' && !watched) findings.push(outcome.finding);
    else if (outcome) {
      await refuse(context, change, outcome.why, [outcome.finding]);
      return undefined;
    }
  }
  const rates = await measured;
  const now = context.clock.now();
  const rules = rulesFor(policyUnder(context.policy(), held.length > 0), made) ?? [];
  const { approvals, own, expires } = strictest(rules);
  const created = Date.parse(change.metadata.creationTimestamp ?? '');
  // Planned again and again, it must still come to an end.
  const latest = (Number.isNaN(created) ? now : created) + 3 * expires;
  const writes = made.writes.map(kept);
  const rollout = made.rollout && {
    ...made.rollout,
    steps: made.rollout.steps.map(step => ({ ...step, objects: step.objects.map(intended) })),
  };
  const stored: StoredPlan = {
    ...made,
    ...(rollout && { rollout }),
    writes,
    findings,
    revision: (statusOf(change).plan?.revision ?? 0) + 1,
    digest: digestOf({ ...made, writes, findings }),
    at: now,
    approvers: { who: whoOf(rules), approvals, own },
    ...(rates && { rates }),
  };
  const { phase, message } = statusOf(change);
  if (phase === 'Stale' && message !== undefined) stored.replanned = message;
  const size = tooLarge(stored);
  if (size) {
    await refuse(context, change, 'Its plan is too large to be kept', [size]);
    return undefined;
  }
  await advance(context, change.metadata.name, {
    type: 'planned',
    plan: stored,
    expiresAt: Math.min(now + expires, latest),
  });
  return undefined;
}

interface Refused {
  why: string;
  finding: Finding;
}

/** 'later': the watches have not seen the newest version yet. Throws what may pass. */
async function dryRun(context: Context, change: MeshChange, write: Write): Promise<Refused | 'later' | undefined> {
  try {
    const { object } = await context.cluster.dryRun(marked(write, change.metadata.name));
    // Watches leave managedFields out; the answer has them, and with them who else writes the object.
    const finding = write.before ? ownerOf(object).find(({ severity }) => severity === 'error') : undefined;
    const told = finding ?? mutated(write, object);
    return told && { why: 'The checks found what must not be', finding: told };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    switch (error.kind) {
      case 'conflict':
      case 'already-exists':
      case 'not-found':
        return 'later';
      case 'invalid':
      case 'forbidden': {
        const path = `${write.ref.kind}/${write.ref.namespace}/${write.ref.name}`;
        const message = aboutObject(write.ref, error.message);
        const otherwise = error.kind === 'forbidden' ? 'Give meshbot the right to write this kind there' : undefined;
        const advice = error.advice ?? otherwise;
        const fix = advice === undefined ? {} : { fix: advice };
        const finding: Finding = { code: 'api-refused', severity: 'error', path, message, ...fix };
        return { why: 'The API server would not take it', finding };
      }
      default:
        await hold(context, change, waitsFor(error));
        throw error;
    }
  }
}

function waitsFor({ message, advice }: ClusterError): string {
  if (advice === undefined) return 'The API server does not answer; it is planned as soon as it does';
  return `It is planned as soon as it can be: ${sentence(message)} ${advice}`;
}

/** Says why it waits. */
export async function hold(context: Context, change: MeshChange, why: string): Promise<void> {
  if (statusOf(change).message === sentence(why)) return;
  await advance(context, change.metadata.name, { type: 'held', why: sentence(why) });
}

async function refuse(context: Context, change: MeshChange, message: string, findings: Finding[]): Promise<void> {
  await advance(context, change.metadata.name, { type: 'refused', message: sentence(message), findings });
}

/** What is stored of a write: nothing that the cluster keeps for itself. */
function kept({ ref, before, after }: Write): Write {
  return { ref, ...(before && { before: intended(before) }), ...(after && { after: intended(after) }) };
}

/** Of several rules, everyone that each of them names: each of them is asked again at the click. */
function whoOf(rules: { approve: { users: string[]; groups: string[]; everyone: boolean } }[]): {
  users: string[];
  groups: string[];
  everyone: boolean;
} {
  return {
    users: [...new Set(rules.flatMap(rule => rule.approve.users))],
    groups: [...new Set(rules.flatMap(rule => rule.approve.groups))],
    everyone: rules.length > 0 && rules.every(rule => rule.approve.everyone),
  };
}
