/** Parts of a receipt that tell of more than requests: the proxies, one trace as a picture, and the second look. */
import type { Waterfall } from '../picture/picture.ts';
import { type Group, lagging, namedIn, toHaveIt } from '../proof/held/lagging.ts';
import { hopsInWords } from '../proof/tracing.ts';
import { waterfall } from '../proof/waterfall.ts';
import type { Part, Phrase, Span } from '../view.ts';
import type { ChangeStatus, Receipt, SecondLook } from './meshchange.ts';
import { sentence } from './phrases.ts';

type Proxies = NonNullable<Receipt['proxies']>;

/** `14 of 14 proxies hold the new route, seen 0.4 s after the write.` And what is not known of the others. */
export function proxiesPart(proxies: Proxies): Part {
  const { known, asked, hold, took, without, unanswered, why } = proxies;
  const of = toHaveIt(proxies);
  if (of <= unanswered) {
    const reason = why ?? (unanswered > 0 ? 'they did not answer' : 'none of them has a route of it');
    return { kind: 'note', text: `Which proxies hold the new route is not known: ${sentence(reason)}` };
  }
  const seen = took === undefined ? '' : `, the last seen ${seconds(took)} after the write`;
  const { old, missing, other, silent } = lagging(proxies);
  const some = (group: Group, one: string, many: string): Span[][] =>
    group.count > 0 ? [[`${group.count} ${group.count === 1 ? one : many}`, ...those(group)]] : [];
  const rest: Span[][] = [
    ...some(old, 'still holds the route before it', 'still hold the route before it'),
    ...some(missing, 'has no route of it, and is to have one', 'have no route of it, and are to have one'),
    ...some(other, 'holds neither, but another route', 'hold neither, but another route'),
    ...some(silent, 'could not be asked', 'could not be asked'),
    ...(why !== undefined && unanswered > 0 ? [[`${unanswered} could not be asked (${why.replace(/\.$/, '')})`]] : []),
    ...(without > 0 ? [[`${without} ${without === 1 ? 'has' : 'have'} no route of it at all`]] : []),
    ...(known > asked ? [[`${known - asked} more were not asked`]] : []),
  ];
  const isLagging = [old, missing, other, silent].some(({ count }) => count > 0);
  const whole: Phrase = [
    hold === 0 || isLagging ? '⚠️ ' : '✅ ',
    { bold: `${hold} of ${of} proxies hold the new route` },
    `${seen}, by each Envoy’s own word.`,
    ...rest.flatMap((each, at) => [at === 0 ? ' ' : '; ', ...each]),
    ...(rest.length > 0 ? ['.'] : []),
  ];
  return { kind: 'text', text: whole };
}

function those(group: Group): Span[] {
  const named = namedIn(group);
  return named === '' ? [] : [': ', { code: named }];
}

/** A picture; in words it is the waterfall of characters that a terminal would show. */
export function tracePart(trace: NonNullable<Receipt['trace']>): Part[] {
  const drawn = waterfall(trace);
  if (drawn === '') return [];
  const whole = Math.max(...trace.map(({ start, took }) => start + took));
  const count = `${trace.length} ${trace.length === 1 ? 'hop' : 'hops'}`;
  const title = `One of these requests: ${milliseconds(whole)}, ${count}`;
  const picture: Waterfall = { kind: 'waterfall', title, hops: trace };
  return [
    {
      kind: 'picture',
      title: 'One of these requests',
      alt: `${title}. ${hopsInWords(trace)}`,
      picture,
      otherwise: drawn,
    },
  ];
}

export function secondLookParts({ moved, at, proxies }: SecondLook): Part[] {
  if (moved.length === 0) {
    return [
      { kind: 'note', text: ['Everything is still as it was written. Looked at again ', { time: at }] },
      ...(proxies ? [liveByNow(proxies)] : []),
    ];
  }
  return [
    {
      kind: 'text',
      text: ['🚨 ', { bold: 'It did not stay as it was written.' }, ' Looked at again ', { time: at }, ':'],
    },
    {
      kind: 'bullets',
      items: moved.map(({ says, advice }): Phrase => [`${sentence(says)} `, { italic: advice }]),
    },
  ];
}

/** What was not live when it was proven, and whether it is now. Requests were not sent again. */
function liveByNow(proxies: Proxies): Part {
  const { hold, unanswered, names } = proxies;
  const told = toHaveIt(proxies);
  if (told > 0 && hold === told) {
    return {
      kind: 'text',
      text: ['✅ ', { bold: `It is live by now: ${hold} of ${told} proxies hold the new route.` }],
    };
  }
  const silent = unanswered > 0 ? ` ${unanswered} could not be asked.` : '';
  const text = `Still not live everywhere: ${hold} of ${told} proxies hold the new route.${silent}`;
  const others = namedIn({ count: told - hold, names });
  const who: Span[] = others === '' ? [] : [' The others: ', { code: others }, '.'];
  const next = ' Look at istiod (istioctl proxy-status), or take the change back.';
  return { kind: 'text', text: ['⚠️ ', { bold: text }, ...who, next] };
}

/** For the card: what its thread tells more of. */
export function notStaying({ again, undoneBy }: Pick<ChangeStatus, 'again' | 'undoneBy'>): Part[] {
  if (!again || again.moved.length === 0 || undoneBy !== undefined) return [];
  const told = again.moved.map(({ says }) => sentence(says)).join(' ');
  return [{ kind: 'text', text: ['🚨 ', { bold: 'It did not stay as it was written.' }, ` ${told}`] }];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : ms.toFixed(1)} ms`;
}
