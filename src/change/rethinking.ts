/** Whether a plan would still come out as it was shown: the mesh around the objects to be written moves too. */

import type { Finding, Plan, Planning } from '../plan.ts';
import type { Context } from './context.ts';
import { digestOf } from './digest.ts';
import { FROZEN } from './freezing.ts';
import type { StoredPlan } from './meshchange.ts';
import { MUTATED } from './mutation.ts';
import type { Applying, Approved, Planned } from './phases.ts';
import { tryPlanner } from './planning.ts';
import { IN_FLIGHT } from './sharing.ts';

/**
 * Why it would not, in a sentence; undefined: it would. A subset that was removed, or now selects other pods, changes
 * what the very same write does. Asks nobody: planning is pure.
 */
export function otherwiseNow(context: Context, change: Planned | Approved | Applying): string | undefined {
  const { plan } = change.status;
  // A watch that lags behind the plan cannot tell; the objects themselves were read, and later news is heard as news.
  if (lags(context, plan)) return undefined;
  const planning = tryPlanner(context, change);
  if (planning.kind === 'plan' && shown(planning.plan) === shown(plan)) return undefined;
  return `The mesh around it was changed by somebody else${because(planning)}`;
}

function lags(context: Context, { writes }: StoredPlan): boolean {
  const { world } = context.cluster.world();
  return writes.some(({ ref, before }) => {
    const seen = world.get(ref.kind, ref.namespace, ref.name);
    return seen?.metadata.resourceVersion !== before?.metadata.resourceVersion;
  });
}

/** What people approve, as far as the planner says it: what else was found is not of this plan's own making. */
function shown(plan: Plan): string {
  const own = ({ code }: Finding) => code !== IN_FLIGHT && code !== MUTATED && code !== FROZEN;
  return digestOf({ ...plan, findings: plan.findings.filter(own) });
}

function because(planning: Planning): string {
  const error =
    planning.kind === 'refused' ? planning.findings.find(({ severity }) => severity === 'error') : undefined;
  return error ? `: ${error.message}` : '';
}
