/** A change's receipt: what was written, what was seen of it, and how to take it back. Says no more than is known. */

import type { Part, Phrase, View } from '../view.ts';
import { whyFailed } from './history.ts';
import type { ChangeStatus, MeshChange, Receipt } from './meshchange.ts';
import { statusOf, wasApplied } from './phases.ts';
import { aboutObject, objectName, percent, sentence } from './phrases.ts';
import { doingPart } from './receipt-doing.ts';
import { proxiesPart, secondLookParts, tracePart } from './receipt-parts.ts';
import { canBeUndone } from './undoable.ts';

/** undefined while nothing is known to be written for good. */
export function receiptOf(change: MeshChange): View | undefined {
  const status = statusOf(change);
  const applied = wasApplied(change);
  const partly = (status.phase === 'Failed' || status.phase === 'Undone') && status.written.length > 0;
  if (!applied && !partly) return undefined;
  const parts: Part[] = [{ kind: 'heading', text: applied ? 'Written' : 'Partly written' }, written(status)];
  const warnings = status.written.flatMap(({ ref, warnings }) =>
    warnings.map((warning): Phrase => [`⚠️ ${aboutObject(ref, warning)}`]),
  );
  if (warnings.length > 0) parts.push({ kind: 'bullets', items: warnings });
  if (!applied)
    parts.push({ kind: 'text', text: [{ bold: sentence(whyFailed(status) ?? 'It could not be finished') }] });
  else if (status.receipt) parts.push(...proofParts(status.receipt), ...laterParts(status));
  else if (status.phase === 'Applied') parts.push({ kind: 'text', text: `⏳ ${underWay(status)}` });
  if (canBeUndone(change)) {
    parts.push({ kind: 'note', text: ['To take it back: ', { code: `undo ${change.metadata.name}` }] });
  }
  if (status.undoneBy !== undefined) parts.push({ kind: 'note', text: ['Undone by ', { code: status.undoneBy }, '.'] });
  return { text: textOf(status, applied), parts };
}

function underWay({ message }: ChangeStatus): string {
  return message === undefined ? 'Sending requests to see where they go…' : message.replace(/\.$/, '…');
}

function textOf(status: ChangeStatus, applied: boolean): string {
  const names = status.written.map(({ ref }) => objectName(ref)).join(', ');
  if (!applied) return `Partly written: ${names}. ${sentence(whyFailed(status) ?? '')}`;
  if (!status.receipt) return `Written: ${names}.${status.phase === 'Applied' ? ' Now proving.' : ''}`;
  const proven = status.receipt.verdict === 'proven';
  const moved = status.again && status.again.moved.length > 0 ? ' It did not stay as it was written.' : '';
  return `Written: ${names}. ${proven ? 'Proven' : 'Not proven'}: ${sentence(status.receipt.summary)}${moved}`;
}

/** What became of it: first whether it stays, then how the versions do. */
function laterParts({ receipt, again, undoneBy }: ChangeStatus): Part[] {
  if (!again) {
    const waits = receipt?.before && undoneBy === undefined;
    const what = 'Requests, errors and latency before and after, and whether it stays, are added here after a minute.';
    return waits ? [{ kind: 'note', text: what }] : [];
  }
  const doing = doingPart(receipt?.before, again.after);
  return [...secondLookParts(again), ...(doing ? [doing] : [])];
}

function written({ written }: ChangeStatus): Part {
  return {
    kind: 'bullets',
    items: written.map(
      ({ ref, resourceVersion }): Phrase =>
        resourceVersion === ''
          ? [objectName(ref), ' deleted']
          : [objectName(ref), ', resourceVersion ', { code: resourceVersion }],
    ),
  };
}

function proofParts(receipt: Receipt): Part[] {
  const proven = receipt.verdict === 'proven';
  const parts: Part[] = [
    {
      kind: 'text',
      text: [proven ? '✅ ' : '⚠️ ', { bold: proven ? 'Proven: ' : 'Not proven: ' }, sentence(receipt.summary)],
    },
  ];
  if (receipt.proxies) parts.push(proxiesPart(receipt.proxies));
  if (receipt.sent === 0) return parts;
  const known = Object.values(receipt.seen).reduce((sum, count) => sum + count, 0);
  if (known > 0) parts.push(table(receipt));
  const statuses = Object.entries(receipt.statuses).map(([code, count]) => `${count} × ${statusName(code)}`);
  parts.push({
    kind: 'note',
    text: `${receipt.sent} requests from ${receipt.from}${receipt.shut ? '' : `; the way of ${known} is known`}. ${statuses.join(', ')}; median ${receipt.median} ms.`,
  });
  if (receipt.trace) parts.push(...tracePart(receipt.trace));
  if (receipt.traceLink !== undefined) {
    parts.push({ kind: 'note', text: [{ link: receipt.traceLink, label: 'Open this trace' }] });
  }
  return parts;
}

/** One table for all that was counted: a message of Slack may have no second one. */
function table(receipt: Receipt): Part {
  const { others, mirror, confidence } = receipt;
  return {
    kind: 'table',
    columns: [
      { title: 'Version' },
      { title: 'expected', align: 'right' },
      { title: 'seen', align: 'right' },
      { title: `true share, ${confidence} % sure`, align: 'right' },
    ],
    rows: [
      ...shares(receipt, ''),
      ...(others ? shares(others, ', all others') : []),
      ...(mirror ? [copies(mirror)] : []),
    ],
  };
}

/** The answers of copies are thrown away, so only the metrics tell of them. */
function copies({ version, expected, requests, copies, low, high }: NonNullable<Receipt['mirror']>): string[] {
  const counted = `${copies} of ${requests}`;
  return [`${version}, copies`, percent(expected), counted, `${percent(low)} – ${percent(high)}`];
}

type Shares = Pick<Receipt, 'seen' | 'intervals' | 'expected' | 'spread'>;

function shares(receipt: Shares, whose: string): string[][] {
  const known = Object.values(receipt.seen).reduce((sum, count) => sum + count, 0);
  const versions = [...new Set([...Object.keys(receipt.expected), ...Object.keys(receipt.seen)])].sort();
  return versions.map(version => {
    const seen = receipt.seen[version] ?? 0;
    const interval = receipt.intervals[version];
    return [
      `${version}${whose}`,
      expectedOf(receipt, version),
      known > 0 ? `${seen} (${percent((seen / known) * 100)})` : `${seen}`,
      interval ? `${percent(interval.low)} – ${percent(interval.high)}` : '',
    ];
  });
}

function expectedOf({ expected, spread = 0 }: Shares, version: string): string {
  const share = expected[version] ?? 0;
  return spread > 0 ? `${percent(share)} – ${percent(Math.min(100, share + spread))}` : percent(share);
}

function statusName(code: string): string {
  return code === '0' ? 'no answer' : code;
}
