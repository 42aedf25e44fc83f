/** Every write of a mesh object, judged in the moment of its commit: which change it is for, and whether it may be. */
import { readButton } from '../../../src/change/button.ts';
import { digestOf, sameContent } from '../../../src/change/digest.ts';
import { CHANGE_ANNOTATION, type MeshChange } from '../../../src/change/meshchange.ts';
import { statusOf } from '../../../src/change/phases.ts';
import { refKey } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { must } from './must.ts';
import type { Clicked } from './town.ts';

const MAY_APPROVE = ['UBEN', 'UCAT'];

export interface Entry {
  /** 'back': a write of this change is taken back. 'outside': by somebody else. */
  kind: 'forward' | 'back' | 'outside';
  change: string;
  /** Revision of the plan. */
  revision: number;
  /** `VirtualService/default/a`. */
  key: string;
  /** Whose mark the object carries afterwards. */
  mark: string | undefined;
  deletes: boolean;
}

/** Throws unless somebody who may, and who saw just this plan, approved this very write; or it takes such a write back. */
export function entryOf(changes: Iterable<MeshChange>, clicked: Clicked[], write: Write): Entry {
  const key = refKey(write.ref);
  const mark = write.after?.metadata.annotations?.[CHANGE_ANNOTATION];
  const deletes = !write.after;
  const writing = [...changes].filter(change => statusOf(change).phase === 'Applying');
  const backing = writing.find(change => takesBack(change, write));
  if (backing) {
    const revision = statusOf(backing).plan?.revision ?? 0;
    return { kind: 'back', change: backing.metadata.name, revision, key, mark, deletes };
  }
  const change = writing.find(each => isForward(each, write, mark));
  must(change !== undefined, `${key} was written (mark ${mark}) though no change that is Applying had planned that`);
  const { plan, approvals, backingOut } = statusOf(change);
  const name = change.metadata.name;
  must(!backingOut, `${name} wrote ${key} while it was taking back`);
  must(plan !== undefined && digestOf(plan) === plan.digest, `${name} wrote a plan that its digest does not name`);
  const bound = approvals.filter(given => !given.void && given.digest === plan.digest);
  must(bound.length > 0, `${name} wrote ${key} without an approval of its plan`);
  for (const { user } of bound) {
    must(MAY_APPROVE.includes(user), `${name} was approved by ${user}, who may not`);
    const saw = clicked.some(
      ({ click, shown }) =>
        readButton(click.change).change === name &&
        click.kind === 'approve' &&
        click.clicker.user === user &&
        shown !== undefined &&
        plan.digest.startsWith(shown),
    );
    must(saw, `${name}: ${user} approved a plan that they never saw`);
  }
  return { kind: 'forward', change: name, revision: plan.revision, key, mark, deletes };
}

function isForward(change: MeshChange, write: Write, mark: string | undefined): boolean {
  if (write.after && mark !== change.metadata.name) return false;
  return (statusOf(change).plan?.writes ?? []).some(planned => isPlanned(planned, write));
}

function isPlanned(planned: Write, write: Write): boolean {
  const sameBase = planned.before?.metadata.resourceVersion === write.before?.metadata.resourceVersion;
  const sameGoal = planned.after ? !!write.after && sameContent(planned.after, write.after) : write.after === undefined;
  return refKey(planned.ref) === refKey(write.ref) && sameBase && sameGoal;
}

function takesBack(change: MeshChange, write: Write): boolean {
  const { backingOut, plan } = statusOf(change);
  const planned = plan?.writes.find(each => refKey(each.ref) === refKey(write.ref));
  if (!backingOut || !planned) return false;
  if (planned.after && write.before?.metadata.annotations?.[CHANGE_ANNOTATION] !== change.metadata.name) return false;
  return planned.before ? !!write.after && sameContent(planned.before, write.after) : write.after === undefined;
}
