/** Every write of a mesh object, judged in the moment of its commit: which change it is for, and whether it may be. */

import { firstWrites, isOurs, stepWrites } from '../../../../src/change/course/step-writes.ts';
import { digestOf, sameContent } from '../../../../src/change/digest.ts';
import { CHANGE_ANNOTATION, KIND, type MeshChange, type Phase } from '../../../../src/change/meshchange.ts';
import { statusOf } from '../../../../src/change/phases.ts';
import { type KubeObject, refKey, refOf } from '../../../../src/object.ts';
import type { Write } from '../../../../src/ports.ts';
import type { KubernetesInMemory } from '../../../../src/sandbox/kubernetes/in-memory.ts';
import { MINA, RIKO, SAM } from '../../../../src/sandbox/slack/people.ts';
import { must } from '../must.ts';
import type { Simulation } from '../simulation.ts';
import type { Looked } from './cards.ts';
import type { Gauge } from './gauge.ts';
import type { LocalWorld } from './world.ts';

export interface Entry {
  /** 'back': a write of this change is taken back. 'outside': by somebody else. */
  kind: 'forward' | 'back' | 'outside';
  change: string;
  /** Of the plan. */
  revision: number;
  /** Which step of the plan it is, 0 where it has none. */
  step: number;
  /** `VirtualService/default/a`. */
  key: string;
  /** Whose mark the object carries afterwards. */
  mark: string | undefined;
  deletes: boolean;
}

/** Of the group, and no guests; but never their own. */
const MAY_APPROVE: readonly string[] = [SAM.id, MINA.id, RIKO.id];
const KINDS: readonly string[] = ['VirtualService', 'DestinationRule'];
const WRITING: readonly Phase[] = ['Applying', 'Progressing', 'Reverting'];
/** ms that may pass from what Prometheus said to the write that it led to: a long way there, and as long a way to the API. */
const SEEN = 30_000;

export class Ledger {
  readonly entries: Entry[] = [];
  /** As the API server has them. */
  readonly changes = new Map<string, MeshChange>();
  /** Clicks on Approve, with the plan that was to be seen there. */
  readonly approving: Looked[] = [];
  readonly close: () => void;
  readonly #kubernetes: KubernetesInMemory;
  readonly #sim: Simulation;
  readonly #gauge: Gauge;
  readonly #known = new Map<string, KubeObject>();
  #outside = false;

  constructor(world: Pick<LocalWorld, 'kubernetes' | 'sim' | 'namespaces' | 'gauge'>) {
    this.#kubernetes = world.kubernetes;
    this.#sim = world.sim;
    this.#gauge = world.gauge;
    const { own, mesh } = world.namespaces;
    for (const kind of KINDS) {
      for (const object of world.kubernetes.list(kind, mesh)) this.#known.set(refKey(refOf(object)), object);
    }
    this.close = world.kubernetes.onChange((type, object) => {
      const { namespace, name } = object.metadata;
      if (object.kind === KIND && namespace === own) this.changes.set(name, object as unknown as MeshChange);
      if (KINDS.includes(object.kind) && namespace === mesh) this.#enter(type, object);
    });
  }

  /** Runs what somebody does by other means than meshbot. */
  outside(deed: (kubernetes: KubernetesInMemory) => void): void {
    this.#outside = true;
    try {
      deed(this.#kubernetes);
    } finally {
      this.#outside = false;
    }
  }

  #enter(type: string, object: KubeObject): void {
    const ref = refOf(object);
    const key = refKey(ref);
    const before = this.#known.get(key);
    const deletes = type === 'DELETED';
    if (deletes) this.#known.delete(key);
    else this.#known.set(key, object);
    if (this.#outside) {
      const mark = deletes ? undefined : markOf(object);
      this.entries.push({ kind: 'outside', change: '', revision: 0, step: 0, key, mark, deletes });
      return;
    }
    try {
      this.entries.push(this.#judged({ ref, ...(before && { before }), ...(!deletes && { after: object }) }));
    } catch (error) {
      this.#sim.broken ??= error as Error;
    }
  }

  /** Throws unless somebody who may, and who saw just this plan, approved this very write; or it takes such a write back. */
  #judged(write: Write): Entry {
    const key = refKey(write.ref);
    const mark = write.after && markOf(write.after);
    const deletes = !write.after;
    const writing = [...this.changes.values()].filter(change => WRITING.includes(statusOf(change).phase));
    // An undo that is approved writes the same as the way back of what it undoes, under its own mark.
    const isOwn = writing.some(each => each.metadata.name === mark && stepOf(each, write, mark) !== undefined);
    const backing = isOwn ? undefined : writing.find(change => takesBack(change, write));
    if (backing) {
      const revision = statusOf(backing).plan?.revision ?? 0;
      return { kind: 'back', change: backing.metadata.name, revision, step: 0, key, mark, deletes };
    }
    const change = writing.find(each => stepOf(each, write, mark) !== undefined);
    must(change !== undefined, `${key} was written (mark ${mark}) though no change that is writing had planned that`);
    const step = stepOf(change, write, mark) ?? 0;
    const { plan, approvals, backingOut } = statusOf(change);
    const name = change.metadata.name;
    must(!backingOut, `${name} wrote ${key} while it was taking back`);
    must(plan !== undefined && digestOf(plan) === plan.digest, `${name} wrote a plan that its digest does not name`);
    const bound = approvals.filter(given => !given.void && given.digest === plan.digest);
    must(bound.length > 0, `${name} wrote ${key} without an approval of its plan`);
    for (const { user } of bound) {
      const may = MAY_APPROVE.includes(user) && user !== change.spec.requester.user;
      must(may, `${name} was approved by ${user}, who may not`);
      const saw = this.approving.some(
        look => look.change === name && look.user === user && look.digest && plan.digest.startsWith(look.digest),
      );
      must(saw, `${name}: ${user} approved a plan that they never saw`);
    }
    const isJudged = step > 0 && (plan.rollout?.gates.length ?? 0) > 0;
    must(!isJudged || this.#gauge.wasGood(SEEN), `${name} went on to step ${step + 1}, which no gate let it`);
    return { kind: 'forward', change: name, revision: plan.revision, step, key, mark, deletes };
  }
}

function markOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[CHANGE_ANNOTATION];
}

/**
 * Which step of the change this write is; undefined: none that may be written now. The write of a replica that was killed
 * may arrive when another has begun to take the change back already.
 */
function stepOf(change: MeshChange, write: Write, mark: string | undefined): number | undefined {
  if (write.after && mark !== change.metadata.name) return undefined;
  const { phase, plan, progress } = statusOf(change);
  if (!plan) return undefined;
  if (phase === 'Applying') return firstWrites(plan).some(planned => isPlanned(planned, write)) ? 0 : undefined;
  const { rollout } = plan;
  if (!rollout || !progress) return undefined;
  const step = progress.step + 1;
  const isNext = stepWrites({ ...plan, rollout }, step).some(
    ({ ref, before, after }) =>
      refKey(ref) === refKey(write.ref) &&
      isOurs(change.metadata.name, before, write.before) &&
      isOurs(change.metadata.name, after, write.after),
  );
  return isNext ? step : undefined;
}

function isPlanned(planned: Write, write: Write): boolean {
  const sameBase = planned.before?.metadata.resourceVersion === write.before?.metadata.resourceVersion;
  const sameGoal = planned.after ? !!write.after && sameContent(planned.after, write.after) : write.after === undefined;
  return refKey(planned.ref) === refKey(write.ref) && sameBase && sameGoal;
}

function takesBack(change: MeshChange, write: Write): boolean {
  const { backingOut, plan, phase } = statusOf(change);
  const planned = plan?.writes.find(each => refKey(each.ref) === refKey(write.ref));
  if (!(backingOut || phase === 'Reverting') || !planned) return false;
  if (planned.after && (!write.before || markOf(write.before) !== change.metadata.name)) return false;
  return planned.before ? !!write.after && sameContent(planned.before, write.after) : write.after === undefined;
}
