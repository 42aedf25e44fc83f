import { describe, expect, it } from 'vitest';
import { planUndo } from '../../../src/istio/edit/undo.ts';
import { World } from '../../../src/istio/world.ts';
import { type KubeObject, refOf } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { rule, virtualService } from './mesh.ts';

const MARKER = 'meshbot.dev/change';
const before = virtualService('reviews', { hosts: ['reviews'], http: [] });
const after: KubeObject = { ...before, spec: { hosts: ['reviews'], http: [{ route: [] }] } };
const made = rule('reviews', ['v1']);
const made2: Write = { ref: refOf(made), after: made };
const edit: Write = { ref: refOf(before), before, after };
const removal: Write = { ref: refOf(before), before };

/** As the cluster has it after the write. */
function live(object: KubeObject, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    ...object,
    metadata: { ...object.metadata, resourceVersion: '9', annotations: { [MARKER]: 'shift-1' }, ...metadata },
    status: { conditions: [] },
  };
}

describe('undo', () => {
  it('writes the reverse in reverse order, over the objects as they are now', () => {
    const world = new World([live(made), live(after)]);
    const undone = planUndo(world, [made2, edit], MARKER);
    if (undone.kind !== 'edit') throw new Error(undone.kind);
    expect(undone.writes.map(({ ref }) => ref.kind)).toEqual(['VirtualService', 'DestinationRule']);
    const [restored, deleted] = undone.writes;
    expect(restored!.before!.metadata.resourceVersion).toBe('9');
    expect(restored!.after!.metadata).toEqual({ ...before.metadata, resourceVersion: '9' });
    expect(restored!.after!.spec).toEqual(before.spec);
    expect(deleted).toEqual({ ref: refOf(made), before: live(made) });
  });

  it('creates again what a change deleted, without its old identity', () => {
    const undone = planUndo(new World(), [removal], MARKER);
    if (undone.kind !== 'edit') throw new Error(undone.kind);
    expect(undone.writes).toEqual([
      { ref: refOf(before), after: { ...before, metadata: { name: 'reviews', namespace: 'default' } } },
    ]);
  });

  it('is refused where somebody changed the object since, naming the change that did', () => {
    const theirs = live(
      { ...after, spec: { hosts: ['reviews'], http: [], tcp: [] } },
      { annotations: { [MARKER]: 'shift-2' } },
    );
    const refused = planUndo(new World([theirs]), [edit], MARKER);
    expect(refused).toMatchObject({
      kind: 'refused',
      findings: [{ code: 'undo-moved', path: 'VirtualService/default/reviews' }],
    });
    if (refused.kind === 'refused') expect(refused.findings[0]!.fix).toContain('shift-2');
  });

  it('is refused for a label that somebody added since, because it would be lost', () => {
    expect(planUndo(new World([live(after, { labels: { keep: 'me' } })]), [edit], MARKER).kind).toBe('refused');
  });

  it('is refused where the object is gone, or another one has its name', () => {
    expect(planUndo(new World(), [edit], MARKER)).toMatchObject({ findings: [{ code: 'undo-gone' }] });
    const other = live(after, { uid: 'another' });
    expect(planUndo(new World([other]), [edit], MARKER)).toMatchObject({ findings: [{ code: 'undo-recreated' }] });
    expect(planUndo(new World([live(after)]), [removal], MARKER)).toMatchObject({
      findings: [{ code: 'undo-recreated' }],
    });
  });

  it('says so where everything is as it was already', () => {
    expect(planUndo(new World([live(before)]), [made2, edit], MARKER).kind).toBe('nothing');
  });
});
