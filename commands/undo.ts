/** `undo [id]`: takes a change back, exactly, if nobody changed the objects since. */
import { CHANGE_ANNOTATION, type MeshChange } from '../src/change/meshchange.ts';
import { leftBy, whyNotUndone } from '../src/change/undoable.ts';
import { defineChange } from '../src/command.ts';
import { opensOrCuts, planGateways } from '../src/istio/edit/gateway/plan.ts';
import { refuse } from '../src/istio/edit/outcome.ts';
import { planRouting } from '../src/istio/edit/plan/plan.ts';
import { hasFault, routesOfWrites } from '../src/istio/edit/plan/traffic.ts';
import { planUndo } from '../src/istio/edit/undo.ts';
import type { Phrase } from '../src/view.ts';

export default defineChange({
  verb: 'undo',
  summary: 'Take a change back',
  takesBack: 'id',
  writes: [],
  parameters: {
    id: { type: 'change', about: 'the change; without it the latest of this channel that can be taken back' },
  },
  examples: [
    { line: 'undo', says: 'the latest change of this channel' },
    { line: 'undo shift-1a2b3c', says: 'this very change' },
  ],
  notes: [
    'Every object gets back what it was before that change; what the change created is deleted. It is planned, approved and proven like any other change.',
    'Of a change that stopped half way, what it left in the mesh is taken back.',
    'It is refused when an object was changed since, because that later work would be lost.',
  ],
  settle({ id }, { changes, channel }) {
    if (id !== undefined) return { id };
    const latest = changes
      .filter(
        change =>
          change.spec.origin.channel === channel && change.spec.verb !== 'undo' && whyNotUndone(change) === undefined,
      )
      .sort((a, b) => plannedAt(b) - plannedAt(a))[0];
    return latest
      ? { id: latest.metadata.name }
      : 'Nothing in this channel can be taken back. `history` lists all changes; `undo <id>` takes back one of another channel.';
  },
  plan({ id }, context) {
    const change = context.changes.find(each => each.metadata.name === id);
    if (!change) {
      return refuse(
        'change-unknown',
        'MeshChange',
        `There is no change ${id ?? 'to take back'}.`,
        'See `history` for the ids.',
      );
    }
    const stored = change.status?.plan;
    const reason = whyNotUndone(change);
    if (reason !== undefined || !stored) {
      return refuse(
        'change-not-undoable',
        `MeshChange/${id}`,
        `${id} cannot be taken back: ${reason}.`,
        'See `history` for others.',
      );
    }
    const undone = planUndo(context.world, leftBy(change), CHANGE_ANNOTATION);
    if (undone.kind !== 'edit') return undone;
    const title = `Take back “${stored.title}”`;
    const notes: Phrase[] = [['It takes back ', { code: change.metadata.name }, '.']];
    if (stored.writes.some(({ ref }) => ref.kind === 'Gateway') || opensOrCuts(context.world, undone.writes)) {
      return planGateways({ title, writes: undone.writes, notes }, context);
    }
    const { host, headers, probe, where } = stored.expectation;
    return planRouting(
      {
        title,
        fqdn: host,
        writes: undone.writes,
        notes,
        sample: probe && { headers },
        hop: where && { headers, where },
        probe,
        fault: routesOfWrites(undone.writes).some(hasFault),
        wide: false,
      },
      context,
    );
  },
});

/** Epoch ms. */
function plannedAt(change: MeshChange): number {
  return change.status?.plan?.at ?? 0;
}
