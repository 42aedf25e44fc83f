/** What a freeze is of, and freezes as people are shown them. */
import { endOf, targetOf } from '../../src/change/freezing.ts';
import { hostMeant } from '../../src/istio/edit/service/service.ts';
import type { World } from '../../src/istio/world.ts';
import type { MeshFreeze } from '../../src/records/mesh-freeze.ts';
import type { Part, Phrase, Span, View } from '../../src/view.ts';
import { momentInWords } from './until.ts';

export type Target = { namespace: string; host?: string };

/** `reviews`, `service reviews`, `default`, `namespace default`. A word that could be either is not guessed. */
export function targetMeant(words: string[], world: World, reader: string): Target | { mistake: Phrase } {
  const [first = '', second, ...more] = words.map(word => word.toLowerCase());
  const kind = second === undefined ? undefined : first;
  const name = second ?? first;
  if (more.length > 0 || (kind !== undefined && kind !== 'namespace' && kind !== 'service')) {
    return {
      mistake: [
        { code: words.join(' ') },
        ' is not understood. Write a service, or ',
        { code: 'namespace <name>' },
        '.',
      ],
    };
  }
  const host = hostMeant(name, reader);
  const [service = '', namespace = ''] = host.split('.');
  const isService = kind !== 'namespace' && world.get('Service', namespace, service) !== undefined;
  const isNamespace = kind !== 'service' && !name.includes('.') && world.inNamespace('Service', name).length > 0;
  if (isService && isNamespace) {
    return {
      mistake: [
        { code: name },
        ' is a service and a namespace. Write ',
        { code: `service ${name}` },
        ' or ',
        { code: `namespace ${name}` },
        '.',
      ],
    };
  }
  if (isService) return { namespace, host };
  if (isNamespace) return { namespace: name };
  const what = kind ?? 'service or namespace';
  return { mistake: [{ code: name }, ` is no ${what} here. Check its name.`] };
}

/** `tz`: the zone in which the end was given. */
export function frozenView(freeze: MeshFreeze, tz: string, now: number, override: Phrase | undefined): View {
  const { spec, metadata } = freeze;
  const end = endOf(freeze);
  const until = end === undefined ? 'until somebody lifts it' : `until ${momentInWords(end, tz, now)}`;
  const target = targetOf(freeze);
  const reason: Span[] = spec.reason === undefined ? [] : [': ', { italic: spec.reason }];
  const all: Span[] = spec.host === undefined ? [' and all its services'] : [];
  const then: Span[] =
    override === undefined
      ? ['Until then nothing of it is changed.']
      : ['Until then a change of it is approved by ', ...spans(override), ', and by nobody else.'];
  return {
    text: `Frozen: ${target}, ${until}.`,
    parts: [
      {
        kind: 'text',
        text: ['❄️ ', { person: spec.by.user }, ' froze ', { bold: target }, ...all, ` ${until}`, ...reason, '.'],
      },
      {
        kind: 'note',
        text: [...then, ' What is under way may always go back. To lift it: ', { code: `unfreeze ${metadata.name}` }],
      },
    ],
  };
}

export function liftedView(lifted: MeshFreeze[], by: string): View {
  const names = lifted.map(freeze => targetOf(freeze));
  return {
    text: `No longer frozen: ${[...new Set(names)].join(', ')}.`,
    parts: lifted.map((freeze): Part => {
      const who: Span[] =
        freeze.spec.by.user === by ? [] : [', which ', { person: freeze.spec.by.user }, ' had frozen'];
      return {
        kind: 'text',
        text: [
          { person: by },
          ' lifted the freeze of ',
          { bold: targetOf(freeze) },
          ...who,
          ' (',
          { code: freeze.metadata.name },
          ').',
        ],
      };
    }),
  };
}

/** Nothing where nothing is frozen. */
export function frozenParts(freezes: MeshFreeze[]): Part[] {
  if (freezes.length === 0) return [];
  return [{ kind: 'bullets', items: freezes.map(lineOf) }];
}

/** `❄️ namespace default is frozen until …: release night (freeze-1a2b).` */
function lineOf(freeze: MeshFreeze): Phrase {
  const { spec, metadata } = freeze;
  const end = endOf(freeze);
  const until: Span[] = end === undefined ? [' until somebody lifts it'] : [' until ', { time: end }];
  const reason: Span[] = spec.reason === undefined ? [] : [': ', { italic: spec.reason }];
  return [
    '❄️ ',
    { bold: targetOf(freeze) },
    ' is frozen',
    ...until,
    ...reason,
    ', by ',
    { person: spec.by.user },
    ' (',
    { code: metadata.name },
    ')',
  ];
}

export function freezesView(freezes: MeshFreeze[]): View {
  if (freezes.length === 0) {
    return {
      text: 'Nothing is frozen.',
      parts: [
        {
          kind: 'text',
          text: [
            'Nothing is frozen. Write ',
            { code: 'freeze reviews until 18:00' },
            ' or ',
            { code: 'freeze namespace default until 2h' },
            '.',
          ],
        },
      ],
    };
  }
  const text = freezes.length === 1 ? 'One freeze is in force.' : `${freezes.length} freezes are in force.`;
  return { text, parts: [{ kind: 'heading', text: 'Frozen' }, ...frozenParts(freezes)] };
}

function spans(phrase: Phrase): Span[] {
  return typeof phrase === 'string' ? [phrase] : phrase;
}
