/** What the app's home tab shows: what waits for approval, and what happened last. */
import { endOf, targetOf } from '../change/freezing.ts';
import { HEADLINES } from '../change/headlines.ts';
import type { MeshChange } from '../change/meshchange.ts';
import { isEnd, statusOf } from '../change/phases.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import type { Part, Phrase, View } from '../view.ts';

const LAST = 10;

export function homeOf(changes: MeshChange[], person: string, command: string, frozen: MeshFreeze[] = []): View {
  const open = changes.filter(change => !isEnd(statusOf(change).phase));
  const done = changes.filter(change => isEnd(statusOf(change).phase)).slice(0, LAST);
  const start: Part[] = [
    { kind: 'heading', text: 'Change the mesh from chat' },
    {
      kind: 'text',
      text: [
        'Type ',
        { code: `${command} shift reviews v3 50` },
        ' in a channel, or ',
        { code: command },
        ' alone for a form.',
      ],
    },
    { kind: 'divider' },
    ...(frozen.length === 0
      ? []
      : [
          { kind: 'heading' as const, text: 'Frozen' },
          { kind: 'bullets' as const, items: frozen.map(frozenLine) },
        ]),
    { kind: 'heading', text: 'Not finished yet' },
    open.length === 0
      ? { kind: 'text', text: 'Nothing waits.' }
      : { kind: 'bullets', items: open.slice(0, LAST).map(change => lineOf(change, person)) },
    { kind: 'heading', text: 'Latest' },
    done.length === 0
      ? { kind: 'text', text: 'Nothing was changed yet.' }
      : { kind: 'bullets', items: done.map(change => lineOf(change, person)) },
  ];
  return { text: `${open.length} changes are not finished yet.`, parts: start };
}

/** `❄️ namespace default until …: release night` */
function frozenLine(freeze: MeshFreeze): Phrase {
  const end = endOf(freeze);
  const { reason, by } = freeze.spec;
  return [
    '❄️ ',
    { bold: targetOf(freeze) },
    ...(end === undefined ? [' until somebody lifts it'] : [' until ', { time: end }]),
    ...(reason === undefined ? [] : [': ', { italic: reason }]),
    ', by ',
    { person: by.user },
  ];
}

function lineOf(change: MeshChange, person: string): Phrase {
  const { phase, plan } = statusOf(change);
  const { user } = change.spec.requester;
  const created = Date.parse(change.metadata.creationTimestamp ?? '');
  return [
    { bold: plan?.title ?? change.spec.text },
    `: ${HEADLINES[phase]}`,
    ', asked by ',
    user === person ? 'you' : { person: user },
    ...(Number.isNaN(created) ? [] : [' ', { time: created }]),
    ' (',
    { code: change.metadata.name },
    ')',
  ];
}
