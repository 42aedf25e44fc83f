/**
 * The writes that take a change back: each in reverse, in reverse order. Refused for an object that is no longer what
 * the change wrote, because somebody's later work would be lost.
 */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../object.ts';
import { LAST_APPLIED, refKey } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import type { Write } from '../../ports.ts';
import type { World } from '../world.ts';
import { type Nothing, type Refused, refuse } from './outcome.ts';

export interface Undone {
  kind: 'edit';
  writes: Write[];
}

/** `or`: what may be there instead of `after`, as it was left too. */
type Left = Write & { or?: KubeObject };

/**
 * `writes` are those of the change, in the order in which it did them. `marker` names the annotation that meshbot puts
 * on every object that it writes: no part of what people wrote.
 */
export function planUndo(world: World, writes: Left[], marker: string): Undone | Refused | Nothing {
  const isSame = sameness(marker);
  const back: Write[] = [];
  const findings: Finding[] = [];
  for (const { or, ...planned } of writes.toReversed()) {
    const { ref, before } = planned;
    const live = world.get(ref.kind, ref.namespace, ref.name);
    const write = or && live && isSame(live, or) ? { ...planned, after: or } : planned;
    const { after } = write;
    const isBack = live && before ? isSame(live, before) && !(after && isSame(live, after)) : live === before;
    if (isBack) continue;
    const moved = whyMoved(live, write, isSame, marker);
    if (moved) findings.push(...moved.findings);
    else if (!before && live) back.push({ ref, before: live });
    else if (before && !live) back.push({ ref, after: recreated(before) });
    else if (before && after && live) back.push({ ref, before: live, after: restored(live, before, after) });
  }
  if (findings.length > 0) return { kind: 'refused', findings };
  if (back.length === 0) return { kind: 'nothing', why: 'Everything is as it was before that change already.' };
  return { kind: 'edit', writes: back };
}

function whyMoved(
  live: KubeObject | undefined,
  { ref, before, after }: Write,
  isSame: Same,
  marker: string,
): Refused | undefined {
  const path = refKey(ref);
  if (after && !live) {
    return refuse('undo-gone', path, `${path} was deleted since.`, 'Create it again, or leave it so.');
  }
  if (!after) {
    if (!live) return undefined;
    return refuse('undo-recreated', path, `${path} was created again since.`, 'Compare the two by hand.');
  }
  const uid = before?.metadata.uid;
  const isOther = uid !== undefined && live?.metadata.uid !== undefined && live.metadata.uid !== uid;
  if (isOther) {
    return refuse('undo-recreated', path, `${path} was deleted and created again since.`, 'Compare the two by hand.');
  }
  if (live && isSame(live, after)) return undefined;
  const by = live?.metadata.annotations?.[marker];
  const fix = by
    ? `The last change that meshbot made to it is ${by}. Undo what came later first, newest first; or shift to what you want.`
    : 'Shift to what you want instead.';
  return refuse('undo-moved', path, `${path} was changed since, and undoing would lose that.`, fix);
}

type Same = (a: KubeObject, b: KubeObject) => boolean;

/** Compares what people wrote: the spec, labels and annotations. Not what the server, or meshbot itself, keeps there. */
function sameness(marker: string): Same {
  const written = ({ spec, metadata }: KubeObject) => ({
    spec: spec ?? {},
    labels: metadata.labels ?? {},
    annotations: Object.fromEntries(
      Object.entries(metadata.annotations ?? {}).filter(([name]) => name !== marker && name !== LAST_APPLIED),
    ),
  });
  return (a, b) => isDeepStrictEqual(written(a), written(b));
}

/** As before, with the identity that the live object has now. */
function restored(live: KubeObject, before: KubeObject, after: KubeObject): KubeObject {
  const { labels: _labels, annotations: _annotations, ...identity } = live.metadata;
  const { labels, annotations } = before.metadata;
  const { spec: _spec, ...rest } = live;
  return structuredClone({
    ...rest,
    apiVersion: after.apiVersion,
    metadata: { ...identity, ...(labels && { labels }), ...(annotations && { annotations }) },
    ...(before.spec && { spec: before.spec }),
  });
}

/** What a new object may not carry is left out. */
function recreated(before: KubeObject): KubeObject {
  const { uid, resourceVersion, generation, creationTimestamp, managedFields, ...metadata } = before.metadata;
  const { status, ...rest } = before;
  return structuredClone({ ...rest, metadata });
}
