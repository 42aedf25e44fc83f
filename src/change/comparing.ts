/** Whether the mesh still holds the objects that a plan was made from. */
import { WATCHED } from '../istio/world.ts';
import type { Write } from '../ports.ts';
import { advance, type Context } from './context.ts';
import { frozenOtherwise } from './freezing.ts';
import type { StoredPlan } from './meshchange.ts';
import type { Planned } from './phases.ts';
import { objectName } from './phrases.ts';
import { otherwiseNow } from './rethinking.ts';

const KINDS: ReadonlySet<string> = new Set(WATCHED.map(({ kind }) => kind));

/**
 * What moved, in a sentence; undefined: nothing. Costs nothing while the watches agree with the plan; where they do not,
 * the object itself is read, since a watch may also lag behind the plan.
 */
export async function movedObject(context: Context, plan: StoredPlan): Promise<string | undefined> {
  const { world } = context.cluster.world();
  for (const write of plan.writes) {
    const { kind, namespace, name } = write.ref;
    if (!KINDS.has(kind)) continue;
    const seen = world.get(kind, namespace, name)?.metadata.resourceVersion;
    if (seen === write.before?.metadata.resourceVersion) continue;
    const why = difference(write, (await context.cluster.read(write.ref))?.metadata);
    if (why !== undefined) return why;
  }
  return undefined;
}

function difference(write: Write, now: { uid?: string; resourceVersion?: string } | undefined): string | undefined {
  const planned = write.before?.metadata;
  const object = objectName(write.ref);
  if (!planned) return now ? `${object} was created by somebody else` : undefined;
  if (!now) return `${object} was deleted by somebody else`;
  if (now.uid !== planned.uid) return `${object} was deleted and created anew by somebody else`;
  return now.resourceVersion === planned.resourceVersion ? undefined : `${object} was changed by somebody else`;
}

/** Plans again as soon as a waiting plan no longer fits, rather than when somebody has approved it. */
export async function compare(context: Context, change: Planned): Promise<void> {
  const { plan } = change.status;
  const moved =
    frozenOtherwise(plan, context.freezes, context.policy(), context.clock.now()) ??
    (await movedObject(context, plan)) ??
    otherwiseNow(context, change);
  if (moved === undefined) return;
  await advance(context, change.metadata.name, now =>
    now.status?.plan?.digest === change.status.plan.digest ? { type: 'moved', why: moved } : undefined,
  );
}
