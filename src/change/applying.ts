/** Writes what was approved, object by object, each over exactly the version that was planned; once, whoever is killed. */
import { type KubeObject, refKey } from '../object.ts';
import { ClusterError, type Write } from '../ports.ts';
import { approvalsStand } from './authority.ts';
import { backOut } from './backing-out.ts';
import { advance, type Context } from './context.ts';
import { firstWrites } from './course/step-writes.ts';
import { digestOf } from './digest.ts';
import { freezesUnheard, frozenOtherwise, isFrozen, policyUnder } from './freezing.ts';
import { isToBeAsked, lapsed } from './lapsing.ts';
import { marked, writtenBy } from './marking.ts';
import type { MeshChange, WrittenObject } from './meshchange.ts';
import { type Applying, type Approved, enteredAt, isApplying, isApproved } from './phases.ts';
import { aboutObject, objectName, sentence } from './phrases.ts';
import { hold } from './planning.ts';
import { otherwiseNow } from './rethinking.ts';
import type { ChangeEvent } from './transition.ts';

/** ms for which the API server may say that it cannot take a write now: a webhook that is being rolled out is back by then. */
const REFUSED_FOR = 30_000;

/** ms after which an approval is of yesterday: meshbot or the API server was away, and nobody looks any more. */
const WRITTEN_WITHIN = 900_000;

/** Takes the change from Approved to Applying, unless its approvals do not bind this very plan, or it means another thing by now. */
export async function claim(context: Context, change: Approved): Promise<void> {
  const why = notBound(context, change) ?? otherwiseNow(context, change) ?? (await lapsed(context, change));
  await advance(
    context,
    change.metadata.name,
    why ? { type: 'moved', why } : { type: 'applying', holder: context.holder },
  );
}

/**
 * The same for who approved it a moment ago, without asking anybody; undefined: what an approval binds does not hold any
 * more, or somebody has to be asked, so `claim` is to say.
 */
export function claimAtOnce(context: Context, change: MeshChange): ChangeEvent | undefined {
  if (!isApproved(change) || freezesUnheard(context) !== undefined || isToBeAsked(context, change)) return undefined;
  const why = notBound(context, change) ?? otherwiseNow(context, change);
  return why === undefined ? { type: 'applying', holder: context.holder } : undefined;
}

/** Carries on with the writes. Throws ClusterError where the outcome is not known yet: it is asked again. */
export async function apply(context: Context, change: Applying): Promise<void> {
  const name = change.metadata.name;
  if (change.status.backingOut) return backOut(context, change);
  const began = context.clock.now();
  let current: Applying = change;
  const writes = firstWrites(change.status.plan);
  for (let index = current.status.written.length; index < writes.length; index++) {
    const write = writes[index]!;
    const why = index === 0 ? await notToBe(context, current, write) : undefined;
    const outcome: Outcome =
      why === undefined ? await writeOne(context, current, write) : await madeBefore(context, current, write, why);
    if (outcome.kind !== 'written') {
      context.observer?.step?.('apply', context.clock.now() - began, false);
      return giveUp(context, current, outcome);
    }
    const last = index === writes.length - 1;
    if (last) {
      await advance(context, name, { type: 'applied', written: [...current.status.written, outcome.object] });
      break;
    }
    // Kept before the next one, so that a replica that takes over knows what to take back.
    const saved = await advance(context, name, { type: 'wrote', index, object: outcome.object });
    if (!saved || !isApplying(saved)) return;
    current = saved;
  }
  if (writes.length === 0) await advance(context, name, { type: 'applied', written: [] });
  context.observer?.step?.('apply', context.clock.now() - began, true);
}

/**
 * Why what was approved is not to be begun any more; undefined: it is, or it was. Whoever took it from Approved to
 * Applying may have died over it, or tried in vain, minutes ago. Throws ChatError as `lapsed` does.
 */
async function notToBe(context: Context, change: Applying, write: Write): Promise<string | undefined> {
  const why = notBound(context, change) ?? otherwiseNow(context, change);
  if (why !== undefined || !isToBeAsked(context, change)) return why;
  // A chat that cannot say must not keep what is in the mesh already from the record.
  return (await made(context, change, write)) ? undefined : lapsed(context, change);
}

/** Why the approvals do not bind what would be written; undefined: they do. */
function notBound(context: Context, change: Approved | Applying): string | undefined {
  const { plan, approvals } = change.status;
  const since = context.clock.now() - (enteredAt(change) ?? Number.POSITIVE_INFINITY);
  if (since > WRITTEN_WITHIN) return 'It could not be written within 15 min of its approval';
  if (digestOf(plan) !== plan.digest) return 'The stored plan is not the one that its digest names';
  const policy = context.policy();
  const moved = frozenOtherwise(plan, context.freezes, policy, context.clock.now());
  if (moved !== undefined) return moved;
  const why = approvalsStand(policyUnder(policy, isFrozen(plan)), plan, approvals, change.spec.requester.user);
  return why === undefined ? undefined : `The policy was changed: ${why}`;
}

type Outcome =
  | { kind: 'written'; object: WrittenObject }
  | { kind: 'moved'; why: string }
  | { kind: 'refused'; why: string };

async function writeOne(context: Context, change: Applying, write: Write): Promise<Outcome> {
  try {
    const { object, warnings } = await context.cluster.write(marked(write, change.metadata.name));
    return written(context, write, write.after ? object : undefined, warnings);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === 'busy') throw error;
    if (error.kind === 'invalid' || error.kind === 'forbidden') {
      return refused(write, error);
    }
    // No guess: the object itself says whether an earlier try, ours or a dead replica's, was taken.
    try {
      return await compare(context, change.metadata.name, write, error);
    } catch (unclear) {
      // Not away, but unable: whoever reads the card can do something about it.
      if (unclear !== error || error.kind !== 'unavailable' || error.advice === undefined) throw unclear;
      const since = enteredAt(change) ?? 0;
      if (context.clock.now() - since > REFUSED_FOR) return refused(write, error);
      await hold(context, change, `Not written yet: ${told(write, error)}`);
      throw error;
    }
  }
}

function refused(write: Write, error: ClusterError): Outcome {
  return { kind: 'refused', why: told(write, error) };
}

function told({ ref }: Write, { message, advice }: ClusterError): string {
  const what = aboutObject(ref, message);
  return advice === undefined ? what : `${sentence(what)} ${advice}, then give the command again`;
}

/** What is not to be written any more may be in the mesh: a replica died before it could record it. */
async function madeBefore(context: Context, change: Applying, write: Write, why: string): Promise<Outcome> {
  const moved: Outcome = { kind: 'moved', why };
  const { plan } = change.status;
  // Of a plan that somebody changed in the store nothing can be told.
  if (digestOf(plan) !== plan.digest) return moved;
  return (await made(context, change, write)) ?? moved;
}

async function made(context: Context, change: Applying, write: Write): Promise<Outcome | undefined> {
  const found = await context.cluster.read(write.ref);
  if (!found) return write.after ? undefined : written(context, write, undefined, []);
  return recorded(context, change.metadata.name, write, found);
}

/** The write as it is to be kept, where the object shows that this change made it. */
function recorded(context: Context, change: string, write: Write, found: KubeObject): Outcome | undefined {
  const mine = writtenBy(change, write, found);
  if (mine === undefined) return undefined;
  return written(context, write, found, mine === 'touched' ? ['somebody else changed it again since'] : []);
}

async function compare(context: Context, change: string, write: Write, error: ClusterError): Promise<Outcome> {
  const found = await context.cluster.read(write.ref);
  const object = objectName(write.ref);
  const before = write.before?.metadata;
  if (!found) {
    if (!write.after) return written(context, write, undefined, []);
    if (before) return { kind: 'moved', why: `${object} was deleted by somebody else` };
    // Not there, and to be created: it did not happen, or not yet.
    throw error;
  }
  const made = recorded(context, change, write, found);
  if (made) return made;
  const untouched =
    before && found.metadata.uid === before.uid && found.metadata.resourceVersion === before.resourceVersion;
  if (untouched && error.kind === 'unavailable') throw error;
  return { kind: 'moved', why: `${object} was ${before ? 'changed' : 'created'} by somebody else` };
}

function written(context: Context, { ref }: Write, object: KubeObject | undefined, warnings: string[]): Outcome {
  const resourceVersion = object?.metadata.resourceVersion ?? '';
  return { kind: 'written', object: { ref, resourceVersion, at: context.clock.now(), warnings } };
}

async function giveUp(
  context: Context,
  change: Applying,
  outcome: Exclude<Outcome, { kind: 'written' }>,
): Promise<void> {
  const name = change.metadata.name;
  context.log.warn(
    { change_id: name, why: outcome.why, written: change.status.written.map(each => refKey(each.ref)) },
    'not written',
  );
  if (change.status.written.length === 0) {
    const event = outcome.kind === 'moved' ? ('moved' as const) : undefined;
    await advance(
      context,
      name,
      event
        ? { type: event, why: outcome.why }
        : { type: 'failed', message: `Not written: ${outcome.why}`, written: [] },
    );
    return;
  }
  const into = outcome.kind === 'moved' ? 'Stale' : 'Failed';
  const why = `${outcome.why}; what was written before it was taken back`;
  const saved = await advance(context, name, { type: 'backing-out', why, into });
  if (saved && isApplying(saved)) await backOut(context, saved);
}
