/** Whether somebody else changed an object that a change still works with, and who that was. */
import type { KubeObject, ObjectRef } from '../../object.ts';
import type { Context } from '../context.ts';
import { CHANGE_ANNOTATION } from '../meshchange.ts';
import type { Progressing } from '../phases.ts';
import { objectName } from '../phrases.ts';
import { isOurs, mayBeLeft } from './step-writes.ts';

/** Who writes as meshbot: this change, or another one. */
const OURSELVES = 'meshbot';

/**
 * What somebody did to the objects of a plan, in a sentence; undefined: nothing but what is kept beside the spec. Costs
 * nothing while the watches show what was written; where they do not, the object itself is asked, since they may lag.
 */
export async function touchedBy(context: Context, { metadata, status }: Progressing): Promise<string | undefined> {
  const { world } = context.cluster.world();
  for (const { ref } of status.written) {
    const seen = world.get(ref.kind, ref.namespace, ref.name);
    const left = mayBeLeft(status.plan, ref, status.progress.step);
    if (isStillOurs(metadata.name, left, seen)) continue;
    const found = await context.cluster.read(ref);
    if (!isStillOurs(metadata.name, left, found)) return sayTouched(ref, found);
  }
  return undefined;
}

function isStillOurs(change: string, left: KubeObject[], found: KubeObject | undefined): boolean {
  if (left.length === 0) return !found;
  return left.some(object => isOurs(change, object, found));
}

/** `VirtualService default/reviews was changed by kubectl-edit at 14:03 UTC`. */
export function sayTouched(ref: ObjectRef, found: KubeObject | undefined): string {
  const object = objectName(ref);
  if (!found) return `${object} was deleted by somebody else`;
  const by = lastManager(found);
  return by ? `${object} was changed by ${by}` : `${object} was changed by somebody else`;
}

/** Times are kept in whole seconds, so of two authors in one second the one that is not meshbot is meant. */
function lastManager({ metadata }: KubeObject): string | undefined {
  const entries = (metadata.managedFields ?? []).filter(({ subresource, time }) => !subresource && time !== undefined);
  const latest = entries.toSorted((a, b) => order(b) - order(a) || Number(isUs(a)) - Number(isUs(b)))[0];
  if (!latest?.manager) return undefined;
  const who = isUs(latest)
    ? `meshbot (${metadata.annotations?.[CHANGE_ANNOTATION] ?? 'another change'})`
    : latest.manager;
  return `${who} at ${new Date(order(latest)).toISOString().slice(11, 16)} UTC`;
}

function order({ time }: { time?: string }): number {
  return Date.parse(time ?? '');
}

function isUs({ manager }: { manager?: string }): boolean {
  return manager === OURSELVES;
}
