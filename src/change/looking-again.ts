/**
 * A second look at what was written, a minute after the proof: "written" is not "stays written". Argo CD, an operator or
 * a person may have taken it back, and then the receipt says who, and what to do about it.
 */
import type { KubeObject } from '../object.ts';
import type { Write } from '../ports.ts';
import { advance, type Context } from './context.ts';
import { objectAt } from './course/step-writes.ts';
import { sayTouched } from './course/theirs.ts';
import { sameContent } from './digest.ts';
import { CHANGE_ANNOTATION, type Doing, type MeshChange, type Receipt, type SecondLook } from './meshchange.ts';
import { statusOf } from './phases.ts';
import { objectName } from './phrases.ts';

/** Seconds: since the proof's own requests, so that they are not counted among the others. */
const WINDOW = 50;
/** ms: the look itself does not wait longer for its numbers. */
const PATIENCE = 5_000;

/** Throws ClusterError where the objects cannot be read now: it is tried again. */
export async function lookAgain(context: Context, change: MeshChange): Promise<void> {
  const { plan } = statusOf(change);
  if (!plan) return;
  const doing = doingNow(context, plan.expectation.host);
  const holding = wasBehind(statusOf(change).receipt) ? context.held?.(change) : undefined;
  const moved: SecondLook['moved'] = [];
  const last = (plan.rollout?.steps.length ?? 1) - 1;
  for (const planned of plan.writes) {
    // What goes by steps was left as its last step has it.
    const { after: _, ...write }: Write = planned;
    const left = objectAt(plan, write.ref, last);
    const found = await context.cluster.read(write.ref);
    const told = difference(change.metadata.name, left ? { ...write, after: left } : write, found);
    if (told) moved.push({ ref: write.ref, ...told });
  }
  const after = await doing;
  const proxies = await holding;
  const again: SecondLook = { at: context.clock.now(), moved, ...(after && { after }), ...(proxies && { proxies }) };
  if (moved.length > 0) {
    context.log.warn(
      { change_id: change.metadata.name, moved: moved.map(({ says }) => says) },
      'not as written any more',
    );
  }
  await advance(context, change.metadata.name, { type: 'looked', again });
}

/** Whether it was not known that every proxy holds it. */
function wasBehind(receipt: Receipt | undefined): boolean {
  const { behind = 0, other = 0, unanswered = 0, why } = receipt?.proxies ?? {};
  return behind + other + unanswered > 0 && why === undefined;
}

/** undefined: it is as it was written. */
function difference(
  change: string,
  write: Write,
  found: KubeObject | undefined,
): Pick<SecondLook['moved'][number], 'says' | 'advice'> | undefined {
  const { after, ref } = write;
  if (after ? found && sameContent(found, after) : !found) return undefined;
  const by = found?.metadata.annotations?.[CHANGE_ANNOTATION];
  if (found && by !== undefined && by !== change && by !== write.before?.metadata.annotations?.[CHANGE_ANNOTATION]) {
    return { says: `${objectName(ref)} was changed again by ${by}`, advice: 'That was a later change of meshbot.' };
  }
  const says = after ? sayTouched(ref, found) : `${objectName(ref)} is there again`;
  return { says, advice: adviceOn(says) };
}

/** By the names that controllers have as field managers. */
function adviceOn(says: string): string {
  const known: [RegExp, string][] = [
    [
      /argocd/i,
      'Argo CD keeps it as Git has it: make the change in Git, or let Argo CD ignore these fields (ignoreDifferences).',
    ],
    [
      /kustomize-controller|helm-controller|flux/i,
      'Flux keeps it as Git has it: make the change in Git, or suspend what applies it.',
    ],
    [/rollouts-controller/i, 'Argo Rollouts sets these weights: change them by its Rollout.'],
    [/flagger/i, 'Flagger sets these weights: change them by its Canary.'],
    [/kubectl|kiali|curl|Mozilla/i, 'A person did that: talk to them before the command is given again.'],
    [/was deleted/, 'Find out who deleted it before the command is given again.'],
  ];
  const found = known.find(([pattern]) => pattern.test(says))?.[1];
  return found ?? 'As long as whoever did that goes on, the change will not stay: talk to them first.';
}

async function doingNow({ metrics, clock }: Context, host: string): Promise<Doing | undefined> {
  if (!metrics?.behaviourByVersion) return undefined;
  const over = new AbortController();
  const late = clock.sleep(PATIENCE, over.signal).then(() => undefined);
  const asked = metrics.behaviourByVersion(host, WINDOW).catch(() => undefined);
  const byVersion = await Promise.race([asked, late]).finally(() => over.abort());
  return byVersion && { byVersion, window: WINDOW, at: clock.now() };
}
