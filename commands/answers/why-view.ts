/** An explanation as people read it: a sentence for each route, a table of all pieces, and where the receipts are. */
import type { Explained, Origin } from '../../src/change/why/explaining.ts';
import type { Hand } from '../../src/change/why/hands.ts';
import { type Part, type Phrase, plain, type Span, type View } from '../../src/view.ts';
import type { Told } from './receipts.ts';

/** Rows of a table that a message can hold. */
const MOST = 60;

/** `stale`: the API server would not tell of some object, so that its field managers are not known. */
export function whyView(name: string, explained: Explained[], told: Told[], stale: boolean): View {
  const routes = explained.filter(({ isRoute }) => isRoute);
  const sentences = routes.map(({ says, origin }): Span[] => [`${says}. `, ...spans(sentenceOf(origin))]);
  const parts: Part[] = [
    { kind: 'heading', text: `Why requests to ${name} go where they go` },
    ...(sentences.length > 0 ? [{ kind: 'bullets' as const, items: sentences }] : []),
    {
      kind: 'table',
      columns: [{ title: 'What is live' }, { title: 'In' }, { title: 'By' }, { title: 'When' }],
      rows: explained.slice(0, MOST).map(row),
    },
    ...(explained.length > MOST ? [note(`${explained.length - MOST} more pieces are not shown.`)] : []),
    ...(told.length > 0
      ? [
          { kind: 'text' as const, text: [{ bold: 'Receipts' }] },
          { kind: 'bullets' as const, items: told.map(receipt) },
        ]
      : []),
    ...(stale ? [note('The API server did not tell of everything: who wrote what is partly not known.')] : []),
    ...(explained.some(({ origin }) => origin.by === 'other')
      ? [
          note(
            'What no change explains is laid to field managers, as the API server remembers them: programs, not people. For a person, ask its audit log.',
          ),
        ]
      : []),
  ];
  return { text: sentences.map(nameless).join(' ') || `What routes ${name}, and who made it so.`, parts };
}

function row({ says, object, origin }: Explained): Phrase[] {
  const { kind, metadata } = object;
  return [says, `${kind} ${metadata.namespace}/${metadata.name}`, by(origin), when(origin)];
}

function by(origin: Origin): Phrase {
  if (origin.by === 'change') {
    const { restores } = origin;
    const older = restores === undefined ? [] : [', back to what ', ...spans(by(restores)), ' made'];
    return [
      { code: origin.change.metadata.name },
      ', asked by ',
      { person: origin.change.spec.requester.user },
      ...older,
    ];
  }
  if (origin.by === 'forgotten') return [{ code: origin.change }, ', which is not kept any more'];
  const named = hands(origin.hands);
  return origin.sure || origin.hands.length === 0 ? named : ['probably ', ...spans(named)];
}

function when(origin: Origin): Phrase {
  if (origin.by === 'change') return [{ time: origin.at }];
  if (origin.by === 'forgotten') return '–';
  const [at] = origin.hands.flatMap(hand => hand.at ?? []);
  const known: Span[] = at === undefined || origin.hands.length > 1 ? [] : [{ time: at }];
  const bounds = boundsOf(origin);
  if (known.length === 0) return bounds.length > 0 ? bounds : 'not known';
  return bounds.length > 0 ? [...known, ', ', ...bounds] : known;
}

function sentenceOf(origin: Origin): Phrase {
  if (origin.by === 'change') {
    const { change, at, restores } = origin;
    const back: Span[] = restores ? [' It went back to what ', ...spans(who(restores)), ' had made.'] : [];
    const asked: Span[] = [', asked by ', { person: change.spec.requester.user }, '.'];
    return ['That is ', { code: change.metadata.name }, ' (', { time: at }, ')', ...asked, ...back];
  }
  if (origin.by === 'forgotten') {
    return ['That was written by ', { code: origin.change }, ', whose MeshChange is not kept any more.'];
  }
  const bounds = boundsOf(origin);
  const probably = origin.sure || origin.hands.length === 0 ? '' : 'probably ';
  return [`That was ${probably}set by `, ...spans(who(origin)), ...(bounds.length > 0 ? [', ', ...bounds] : []), '.'];
}

/** Without when, but for the time of the one hand that it can have been. */
function who(origin: Origin): Phrase {
  if (origin.by === 'change') return [{ code: origin.change.metadata.name }];
  if (origin.by === 'forgotten') return [{ code: origin.change }];
  const [at] = origin.hands.flatMap(hand => hand.at ?? []);
  const moment: Span[] = at === undefined || origin.hands.length > 1 ? [] : [' (', { time: at }, ')'];
  return [...spans(hands(origin.hands)), ...moment];
}

/** Between which of meshbot’s writes. */
function boundsOf({ since, until }: Extract<Origin, { by: 'other' }>): Span[] {
  if (since && until) return ['between ', { code: since.change }, ' and ', { code: until.change }];
  if (since) return ['after ', { code: since.change }, ' (', { time: since.at }, ')'];
  return until ? ['before meshbot’s first change of it, ', { code: until.change }] : [];
}

function hands(found: Hand[]): Phrase {
  if (found.length === 0) return 'somebody whom the API server does not remember';
  return found
    .slice(0, 3)
    .flatMap(({ manager, operation }, index): Span[] => [
      ...(index > 0 ? [' or '] : []),
      { code: manager },
      operation === 'Apply' ? ' (applied)' : '',
    ]);
}

function receipt({ change, posted, link }: Told): Phrase {
  const title = change.status?.plan?.title ?? change.spec.text;
  const where: Span[] =
    link !== undefined
      ? [' · ', { link, label: 'open its thread' }]
      : posted
        ? [` · message ${posted.ts} of channel ${posted.channel}`]
        : [];
  return [{ code: change.metadata.name }, ` ${title}`, ...where];
}

function note(text: string): Part {
  return { kind: 'note', text };
}

function spans(phrase: Phrase): Span[] {
  return typeof phrase === 'string' ? [phrase] : phrase;
}

/** For notifications, in which an id names nobody. */
function nameless(sentence: Span[]): string {
  return plain(sentence.map(span => (typeof span === 'object' && 'person' in span ? 'somebody' : span)));
}
