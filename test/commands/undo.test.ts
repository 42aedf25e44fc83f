import { describe, expect, it } from 'vitest';
import shift from '../../commands/shift.ts';
import undo from '../../commands/undo.ts';
import { CHANGE_ANNOTATION, type MeshChange } from '../../src/change/meshchange.ts';
import type { ChangeCommand, PlanningContext } from '../../src/command.ts';
import type { Plan } from '../../src/plan.ts';
import { reviews } from '../istio/edit/mesh.ts';
import { ASKER, change, contextOf } from './setup.ts';

function planned(percent: number, context: PlanningContext): Plan {
  const planning = (shift as ChangeCommand).plan({ service: 'reviews', version: 'v3', percent } as never, context);
  if (planning.kind !== 'plan') throw new Error(planning.kind);
  return planning.plan;
}

function settle(id: string | undefined, changes: MeshChange[], channel = 'C1') {
  const values = id === undefined ? {} : { id };
  return (undo as ChangeCommand).settle?.(values as never, { ...contextOf({ changes }), asker: ASKER, channel });
}

const first = planned(50, contextOf());

describe('undo', () => {
  it('means the latest change of the channel that can be taken back', () => {
    const changes = [
      change('shift-1', first, { at: 1 }),
      change('shift-2', first, { at: 2 }),
      change('shift-3', first, { at: 3, channel: 'C2' }),
      change('shift-4', first, { at: 4, phase: 'Rejected' }),
      change('undo-5', first, { at: 5, verb: 'undo' }),
    ];
    expect(settle(undefined, changes)).toEqual({ id: 'shift-2' });
    expect(settle(undefined, changes, 'C2')).toEqual({ id: 'shift-3' });
    expect(settle(undefined, changes, 'C3')).toContain('Nothing in this channel can be taken back');
    expect(settle('shift-1', changes)).toEqual({ id: 'shift-1' });
  });

  it('passes over what was taken back already', () => {
    const done = change('shift-2', first, { at: 2 });
    const changes = [change('shift-1', first, { at: 1 }), { ...done, status: { ...done.status!, undoneBy: 'undo-1' } }];
    expect(settle(undefined, changes)).toEqual({ id: 'shift-1' });
    const planning = (undo as ChangeCommand).plan({ id: 'shift-2' } as never, contextOf({ changes }));
    expect(planning).toMatchObject({ kind: 'refused', findings: [{ code: 'change-not-undoable' }] });
  });

  it('shows the traffic that goes back, and proves it', () => {
    const world = contextOf().world.with(first.writes);
    const planning = (undo as ChangeCommand).plan(
      { id: 'shift-1' } as never,
      contextOf({ world, changes: [change('shift-1', first)] }),
    );
    expect(planning).toMatchObject({
      kind: 'plan',
      plan: {
        title: 'Take back “Send 50 % of reviews to v3”',
        services: ['reviews'],
        expectation: { host: 'reviews.default.svc.cluster.local', shares: { v1: 100 } },
      },
    });
    if (planning.kind !== 'plan') return;
    expect(planning.plan.traffic).toContainEqual({
      match: 'all other requests',
      destination: 'reviews v3',
      before: 50,
      after: 0,
    });
  });

  it('expects no weights of a Service that routes by itself again', () => {
    const bare = reviews();
    const made = planned(50, contextOf({ world: bare }));
    expect(made.expectation).toMatchObject({ shares: { v1: 25, v2: 25, v3: 50 } });
    const context = contextOf({ world: bare.with(made.writes), changes: [change('shift-1', made)] });
    const planning = (undo as ChangeCommand).plan({ id: 'shift-1' } as never, context);
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    expect(planning.plan.expectation).toMatchObject({ shares: {}, spread: 100 });
  });

  it('names the later change that is in the way', () => {
    const one = contextOf().world.with(first.writes);
    const second = planned(70, contextOf({ world: one }));
    const marked = second.writes.map(({ ref, after }) => ({
      ref,
      after: { ...after!, metadata: { ...after!.metadata, annotations: { [CHANGE_ANNOTATION]: 'shift-2' } } },
    }));
    const context = contextOf({
      world: one.with(marked),
      changes: [change('shift-1', first), change('shift-2', second)],
    });
    const planning = (undo as ChangeCommand).plan({ id: 'shift-1' } as never, context);
    expect(planning).toMatchObject({ kind: 'refused', findings: [{ code: 'undo-moved' }] });
    if (planning.kind === 'refused') expect(planning.findings[0]!.fix).toContain('shift-2');
    expect((undo as ChangeCommand).plan({ id: 'shift-2' } as never, context).kind).toBe('plan');
  });

  it('refuses to bring back what would fail now', () => {
    const world = contextOf().world.with(first.writes);
    world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'reviews-v1-a' });
    const all = planned(100, contextOf({ world }));
    const context = contextOf({ world: world.with(all.writes), changes: [change('shift-1', all)] });
    const planning = (undo as ChangeCommand).plan({ id: 'shift-1' } as never, context);
    expect(planning).toMatchObject({ kind: 'refused', findings: [{ code: 'subset-empty' }] });
  });
});
