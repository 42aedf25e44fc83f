/** Parts of a receipt that tell of more than requests: the proxies, one trace as a picture, and the second look. */
import type { Waterfall } from '../picture/picture.ts';
import { hopsInWords } from '../proof/tracing.ts';
import { waterfall } from '../proof/waterfall.ts';
import type { Part, Phrase } from '../view.ts';
import type { ChangeStatus, Receipt, SecondLook } from './meshchange.ts';
import { sentence } from './phrases.ts';

type Proxies = NonNullable<Receipt['proxies']>;

/** `14 of 14 proxies hold the new route, seen 0.4 s after the write.` And what is not known of the others. */
export function proxiesPart(proxies: Proxies): Part {
  const { known, asked, hold, took, behind, other, without, unanswered, names, why } = proxies;
  const told = asked - without - unanswered;
  if (told <= 0) {
    const reason = why ?? (unanswered > 0 ? 'they did not answer' : 'none of them has a route of it');
    return { kind: 'note', text: `Which proxies hold the new route is not known: ${sentence(reason)}` };
  }
  const seen = took === undefined ? '' : `, the last seen ${seconds(took)} after the write`;
  const rest = [
    ...(behind > 0 ? [`${behind} still ${behind === 1 ? 'holds' : 'hold'} the route before it`] : []),
    ...(other > 0 ? [`${other} ${other === 1 ? 'holds' : 'hold'} neither, but another route`] : []),
    ...(without > 0 ? [`${without} ${without === 1 ? 'has' : 'have'} no route of it at all`] : []),
    ...(unanswered > 0 ? [`${unanswered} could not be asked${why === undefined ? '' : ` (${why})`}`] : []),
    ...(known > asked ? [`${known - asked} more were not asked`] : []),
  ];
  const those = names.length > 0 ? [': ', { code: names.join(', ') }] : [];
  // Those that alone do not answer may hold anything; where asking is refused, that says nothing of them.
  const silent = why === undefined ? unanswered : 0;
  const sign = hold === 0 || behind + other + silent > 0 ? '⚠️ ' : '✅ ';
  const whole: Phrase = [
    sign,
    { bold: `${hold} of ${told} proxies hold the new route` },
    `${seen}, by each Envoy’s own word.`,
    ...(rest.length > 0 ? [` ${sentence(capital(rest.join('; '))).replace(/\.$/, '')}`, ...those, '.'] : []),
  ];
  return { kind: 'text', text: whole };
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
  const { asked, hold, without, unanswered, names } = proxies;
  const told = asked - without;
  if (told > 0 && hold === told) {
    return {
      kind: 'text',
      text: ['✅ ', { bold: `It is live by now: ${hold} of ${told} proxies hold the new route.` }],
    };
  }
  const those = names.length > 0 ? [': ', { code: names.join(', ') }] : [];
  const silent = unanswered > 0 ? ` ${unanswered} could not be asked.` : '';
  const text = `Still not live everywhere: ${hold} of ${told} proxies hold the new route.${silent} The others`;
  const next = '. Look at istiod (istioctl proxy-status), or take the change back.';
  return { kind: 'text', text: ['⚠️ ', { bold: text }, ...those, next] };
}

/** For the card: what its thread tells more of. */
export function notStaying({ again, undoneBy }: Pick<ChangeStatus, 'again' | 'undoneBy'>): Part[] {
  if (!again || again.moved.length === 0 || undoneBy !== undefined) return [];
  const told = again.moved.map(({ says }) => sentence(says)).join(' ');
  return [{ kind: 'text', text: ['🚨 ', { bold: 'It did not stay as it was written.' }, ` ${told}`] }];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : ms.toFixed(1)} ms`;
}
