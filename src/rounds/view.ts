/** A look at the mesh as people are shown it: one line when nothing is wrong and nothing happened. Pure. */

import { endOf, targetOf } from '../change/freezing.ts';
import { perSecond, plain, spans } from '../change/phrases.ts';
import { shortHost } from '../istio/hosts.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import type { Part, Phrase, Span, View } from '../view.ts';
import { chartsOf } from './charts.ts';
import { type Event, eventsOn, type Waiting } from './events.ts';
import type { Report } from './look.ts';
import { type Pace, share } from './pace.ts';
import type { Moved } from './routing.ts';
import type { Problem } from './standing.ts';

export interface Shown {
  /** Namespace whose services are called by their short names. */
  reader: string;
  links: Span[];
  /** Posts before this one that were never sent. */
  missed: number;
  /** Somebody asked: then charts are shown even when all is well. */
  asked: boolean;
}

/** Of one list; the rest is counted. */
const MOST = 10;

export function viewOf(report: Report, shown: Shown): View {
  const line = summary(report);
  const worth = report.moved.length + report.events.length + report.healed.length + report.problems.length > 0;
  const notes = notesOf(report, shown);
  if (!worth && !shown.asked) return { text: plain(line), parts: [{ kind: 'text', text: line }, ...notes] };
  const wrong = report.problems.length > 0;
  const { reader, links } = shown;
  return {
    text: plain(line),
    parts: [
      { kind: 'heading', text: 'Mesh health' },
      { kind: 'text', text: line },
      ...list(report.isFirst ? 'Wrong' : 'New', report.fresh, problem => problemLine(problem)),
      ...list('Still there', report.standing, problem => [
        ...problemLine(problem),
        ...(problem.since === undefined ? [] : [' Since ', { time: problem.since }, '.']),
      ]),
      ...list('Healed', report.healed, says => says),
      ...list('Goes another way', report.moved, moved => movedLine(moved, report.events, reader)),
      ...list('Changes', report.events, eventLine),
      ...list('Waiting', report.waiting, waitingLine),
      ...list('Frozen', report.frozen, freeze => frozenLine(freeze, reader)),
      ...(wrong || shown.asked ? chartsOf(report, reader) : []),
      ...notes,
      ...(links.length > 0 && (wrong || shown.asked)
        ? [{ kind: 'note' as const, text: ['Look further: ', ...links] }]
        : []),
    ],
  };
}

function summary(report: Report): Span[] {
  const { problems, fresh, healed, services, isFirst, since, moved, events } = report;
  const rates = typeof report.pace === 'string' ? [] : ratesLine(report.pace);
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One thing is wrong' : `${problems.length} things are wrong`;
    const good = healed.length > 0 ? `; ${healed.length} healed` : '';
    return [{ bold: `${count} with the mesh` }, `${isFirst ? '' : newsOf(fresh, problems)}${good}.`, ...rates];
  }
  const waits = report.waiting.length;
  const pending = waits === 0 ? '' : waits === 1 ? ' One change waits.' : ` ${waits} changes wait.`;
  const well: Span[] = [{ bold: 'All is well' }, ` with the ${services} services of the mesh`];
  if (healed.length > 0) return [...well, `: what was wrong is healed.${pending}`, ...rates];
  if (isFirst || moved.length + events.length > 0) return [...well, `.${pending}`, ...rates];
  return [...well, ', and nothing changed since ', { time: since }, `.${pending}`, ...rates];
}

function newsOf(fresh: Problem[], all: Problem[]): string {
  if (all.length === 1) return fresh.length === 1 ? ', and it is new' : ', as before';
  if (fresh.length === 0) return ', all as before';
  return fresh.length === all.length ? ', all of them new' : `, ${fresh.length} of them new`;
}

function ratesLine({ now }: Pace): Span[] {
  const all = Object.values(now);
  const rate = all.reduce((sum, each) => sum + each.rate, 0);
  if (rate === 0) return [' No requests were seen in the last ten minutes.'];
  const failed = all.reduce((sum, each) => sum + each.rate * (each.errors ?? 0), 0) / rate;
  return [` ${perSecond(rate)} requests/s, ${failed === 0 ? 'none' : share(failed)} answered with 5xx.`];
}

function list<T>(title: string, items: T[], line: (item: T) => Phrase): Part[] {
  if (items.length === 0) return [];
  const more = items.length > MOST ? [`… and ${items.length - MOST} more`] : [];
  return [
    { kind: 'text', text: [{ bold: title }] },
    { kind: 'bullets', items: [...items.slice(0, MOST).map(line), ...more] },
  ];
}

function problemLine({ says, path, fix }: Problem): Span[] {
  return [`${says} `, { code: path }, ...(fix === undefined ? [] : [` ${fix}`])];
}

function movedLine({ host, match, before, after, hands }: Moved, events: Event[], reader: string): Phrase {
  const name = shortHost(host, reader);
  const by = eventsOn(host, events, reader);
  const whose: Span[] =
    by.length > 0 ? [' By ', ...joined(by.map(({ change }) => ({ code: change }))), '.'] : othersOf(hands);
  const which = match === undefined ? '' : `, ${match}`;
  const told =
    after === undefined
      ? `${before === undefined ? '' : `went to ${before}, `}no route any more.`
      : before === undefined
        ? `to ${after}: the route is new.`
        : `to ${after}, before to ${before}.`;
  return [{ bold: name }, `${which}: ${told}`, ...whose];
}

function othersOf(hands: Moved['hands'] = []): Span[] {
  if (hands.length === 0) return [' Not by meshbot.'];
  const named = hands.map(({ manager, at }): Span[] => [
    { code: manager },
    ...(at === undefined ? [] : [', ', { time: at }]),
  ]);
  return [
    ' By ',
    ...named.flatMap((spans, index): Span[] => [...(index > 0 ? [' and '] : []), ...spans]),
    ', not by meshbot.',
  ];
}

function eventLine({ change, title, requester, approvers, outcome, at }: Event): Phrase {
  const by: Span[] = ['asked by ', { person: requester }];
  const approved: Span[] =
    approvers.length > 0 ? [', approved by ', ...joined(approvers.map(person => ({ person })))] : [];
  return [`${title}: `, { bold: outcome }, ', ', ...by, ...approved, ', ', { time: at }, ' (', { code: change }, ')'];
}

function waitingLine({ change, title, phase, requester, since }: Waiting): Phrase {
  const asked: Span[] = [', asked by ', { person: requester }];
  return [`${title}: `, { bold: phase }, ' since ', { time: since }, ...asked, ' (', { code: change }, ')'];
}

function frozenLine(freeze: MeshFreeze, reader: string): Phrase {
  const { by, reason } = freeze.spec;
  const end = endOf(freeze);
  const until: Span[] = end === undefined ? [' until somebody lifts it'] : [' until ', { time: end }];
  return [
    { bold: targetOf(freeze, reader) },
    ...until,
    ', by ',
    { person: by.user },
    reason === undefined ? '.' : `: ${reason}`,
  ];
}

function joined(items: Span[]): Span[] {
  return items.flatMap((item, index) => [...(index > 0 ? [', '] : []), ...spans([item])]);
}

function notesOf({ pace, stale, problems }: Report, { missed, asked }: Shown): Part[] {
  const told = [
    ...(missed > 0
      ? [
          `${missed === 1 ? 'One post that was' : `${missed} posts that were`} due before this one ${missed === 1 ? 'was' : 'were'} never sent.`,
        ]
      : []),
    ...(stale === undefined
      ? []
      : [`The cluster was last heard ${Math.round(stale / 60_000)} min ago: this may be older.`]),
    // Said where somebody looks for it, not each morning.
    ...(typeof pace === 'string' && (asked || problems.length > 0) ? [pace] : []),
  ];
  return told.map(text => ({ kind: 'note', text }));
}
