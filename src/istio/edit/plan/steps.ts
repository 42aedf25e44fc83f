/** A shift that goes by steps: each planned on what the one before leaves, and all of it as one change from first to last. */
import { isDeepStrictEqual } from 'node:util';
import { type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Rollout, Step } from '../../../plan.ts';
import type { Write } from '../../../ports.ts';
import { Overlay } from '../../overlay.ts';
import type { World } from '../../world.ts';
import type { Edit } from '../finish.ts';
import type { Choose, Nothing, Refused } from '../outcome.ts';

export interface Stepped {
  kind: 'stepped';
  /** As if it went there at once: from what is there to the last step. */
  shifted: Edit;
  steps: Rollout['steps'];
  /** The world with each step but the last written. */
  earlier: World[];
  /** The world with the last step written. */
  after: World;
}

/** `plan` plans one step over a world. Steps that change nothing are left out; where none is left, there is nothing to do. */
export function planSteps(
  world: World,
  percents: readonly number[],
  plan: (world: World, percent: number) => Edit | Choose | Refused | Nothing,
): Stepped | Choose | Refused | Nothing {
  const steps: Step[] = [];
  let first: Edit | undefined;
  let nothing: Nothing | undefined;
  const worlds: World[] = [];
  let now = world;
  for (const percent of percents) {
    const shifted = plan(now, percent);
    if (shifted.kind === 'nothing') nothing = shifted;
    else if (shifted.kind !== 'edit') return shifted;
    else {
      first ??= shifted;
      steps.push({ percent, objects: shifted.writes.flatMap(({ after }) => (after ? [after] : [])) });
      now = new Overlay(now, shifted.writes);
      worlds.push(now);
    }
  }
  if (!first) return nothing ?? { kind: 'nothing', why: 'There is no step to take.' };
  const writes = whole(world, steps);
  const isThere = writes.every(({ before, after }) => isDeepStrictEqual(before, after));
  if (isThere) return { kind: 'nothing', why: `It gets ${percents.at(-1)} % already: no step leads further.` };
  return { kind: 'stepped', shifted: { ...first, writes }, steps, earlier: worlds.slice(0, -1), after: now };
}

/** Each object from what it is now to what the last step makes of it. */
function whole(world: World, steps: Step[]): Write[] {
  const last = new Map<string, KubeObject>();
  for (const object of steps.flatMap(({ objects }) => objects)) last.set(refKey(refOf(object)), object);
  return [...last.values()].map(after => {
    const ref = refOf(after);
    const before = world.get(ref.kind, ref.namespace, ref.name);
    return { ref, ...(before && { before }), after };
  });
}
