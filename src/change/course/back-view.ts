/** What the thread says of a change that went back, or stopped half way: a new message, so that people hear of it. */
import type { Part, Phrase, View } from '../../view.ts';
import { whyFailed } from '../history.ts';
import type { ChangeStatus, MeshChange } from '../meshchange.ts';
import { statusOf, wasApplied } from '../phases.ts';
import { objectName, sentence } from '../phrases.ts';
import { canBeUndone } from '../undoable.ts';

/** Instead of a receipt, where a change by steps did not come to its last one. undefined: its receipt says all. */
export function cutShort(change: MeshChange): View | undefined {
  const status = statusOf(change);
  if (wasApplied(change) || !status.progress) return undefined;
  const names = status.written.map(({ ref }) => objectName(ref)).join(', ');
  if (status.phase === 'Reverted') {
    const text = `Back to what was before: ${names}. ${sentence(status.message ?? '')}`;
    return {
      text,
      parts: [
        { kind: 'heading', text: 'Gone back' },
        { kind: 'text', text: wentBack(status) },
      ],
    };
  }
  if (status.phase !== 'Failed' && status.phase !== 'Undone') return undefined;
  const said = sentence(whyFailed(status) ?? 'It could not go on');
  return {
    text: said,
    parts: [{ kind: 'heading', text: 'Stopped' }, { kind: 'text', text: [{ bold: said }] }, ...wayBack(change)],
  };
}

function wayBack(change: MeshChange): Part[] {
  const { undoneBy } = statusOf(change);
  if (undoneBy !== undefined) return [{ kind: 'note', text: ['Undone by ', { code: undoneBy }, '.'] }];
  if (!canBeUndone(change)) return [];
  return [{ kind: 'note', text: ['To take it back: ', { code: `undo ${change.metadata.name}` }] }];
}

/** A line for the receipt of a change that was taken back by itself or by a click. */
export function sinceThen(change: MeshChange): Part[] {
  const status = statusOf(change);
  return status.phase === 'Reverted' ? [{ kind: 'text', text: wentBack(status) }] : [];
}

/** `↩️ Back to what was before. Aborted. By @sam.` */
export function wentBack(status: ChangeStatus): Exclude<Phrase, string> {
  const by = status.history.at(-1)?.by;
  const who: Exclude<Phrase, string> = by === undefined ? [] : [' By ', { person: by }, '.'];
  const why = status.message === undefined ? '' : ` ${sentence(status.message)}`;
  return ['↩️ ', { bold: 'Back to what was before.' }, why, ...who];
}
