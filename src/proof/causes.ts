/** Why a change is not proven, where what was seen tells: each cause that meshbot knows has a sentence of its own. Pure. */
import type { Receipt } from '../change/meshchange.ts';
import { shortHost } from '../istio/hosts.ts';
import type { Expectation } from '../plan.ts';
import { type Judged, judge } from './judging.ts';
import type { Look } from './look.ts';

type Proxies = NonNullable<Receipt['proxies']>;

/** The write is not known to have come to every proxy that was asked. undefined: it has, or nobody knows of any. */
export function stuckProxies(proxies: Proxies): string | undefined {
  const { behind, hold, names } = proxies;
  if (behind > 0 && behind === toHaveIt(proxies)) {
    return behind === 1
      ? `the route was not taken: the one proxy that is to have it (${names[0]}) still holds the route before it`
      : `the route was not taken: all ${behind} proxies still hold the one before it`;
  }
  // Where no route of it is known again, it may be that it is written otherwise there than is known here.
  const isRead = hold > 0 || behind > 0;
  const said = [behindProxies(proxies), ...(isRead ? [strayProxies(proxies), silentProxies(proxies)] : [])];
  const told = said.filter(each => each !== undefined);
  return told.length > 0 ? told.join('; ') : undefined;
}

/** How many of those that were asked are to have routes of it, or may have. */
const toHaveIt = ({ asked, without }: Proxies) => asked - without;

function behindProxies(proxies: Proxies): string | undefined {
  const { behind, names } = proxies;
  if (behind === 0) return undefined;
  const [is, holds] = behind === 1 ? ['is', 'holds'] : ['are', 'hold'];
  return `${behind} of ${toHaveIt(proxies)} proxies ${is} stuck${named(names.slice(0, behind), behind)} still ${holds} the route before it`;
}

/** Neither the route that was written nor one before it: of somebody else, or of long ago. */
function strayProxies(proxies: Proxies): string | undefined {
  const { behind, other, names } = proxies;
  if (other === 0) return undefined;
  const [holds, it] = other === 1 ? ['holds', 'it'] : ['hold', 'them'];
  const those = named(names.slice(behind, behind + other), other);
  return `${other} of ${toHaveIt(proxies)} proxies ${holds} another route, neither the new one nor the one before it${those}; look at ${it} with istioctl proxy-status`;
}

/** As many as are told of; the names of some of them may be left out. */
function named(names: string[], count: number): string {
  if (names.length === 0) return '';
  return `: ${names.join(', ')}${count > names.length ? ` and ${count - names.length} more` : ''}`;
}

/** undefined: not all that were asked are known to hold it. */
export function liveEverywhere(proxies: Proxies): string | undefined {
  const { hold, took } = proxies;
  if (hold === 0 || hold < toHaveIt(proxies)) return undefined;
  const seen = took === undefined ? '' : `, the last seen ${(took / 1_000).toFixed(1)} s after the write`;
  return `${hold} of ${toHaveIt(proxies)} proxies hold the new route${seen}. Now sending requests to see where they go`;
}

/** Some answer and some do not: these may hold anything. Where none answers, it is the asking that fails. */
function silentProxies(proxies: Proxies): string | undefined {
  const { behind, other, unanswered, names, why } = proxies;
  if (unanswered === 0 || why !== undefined) return undefined;
  const silent = named(names.slice(behind + other), unanswered);
  const [does, it, holds] = unanswered === 1 ? ['does', 'it', 'holds'] : ['do', 'they', 'hold'];
  return `${unanswered} of ${toHaveIt(proxies)} proxies ${does} not answer${silent}; whether ${it} ${holds} the new route is not known`;
}

/** `broken`: destinations that cannot answer, in words, by the cluster's own objects: `v3: no ready pod …`. */
export function causesOf(
  look: Look,
  judged: Judged,
  expectation: Expectation,
  { least, confidence, broken }: { least: number; confidence: number; broken: string[] },
): string[] {
  const host = shortHost(expectation.host);
  return [
    // An app on the way may answer 200 over it, so the status of the probe decides nothing.
    ...broken.map(each => `requests fail at ${each}`),
    ...(isHeaderLost(look, judged, expectation, { least, confidence }) ? [headerLost(expectation, host)] : []),
    ...(judged.unknown && look.traced >= least && expectation.where === undefined && broken.length === 0
      ? [
          `${look.traced} traces came, but end before ${host}: an app on the way does not pass on the headers of the trace (traceparent, x-b3-*), or the requests do not go there`,
        ]
      : []),
  ];
}

/** What was sent with the header went as what has none. */
function isHeaderLost(
  look: Look,
  judged: Judged,
  { headers, others }: Expectation,
  options: { least: number; confidence: number },
): boolean {
  if (Object.keys(headers).length === 0 || !others || judged.unknown || judged.verdict === 'proven') return false;
  return judge(look.seen, others, { ...options, sent: look.sent, host: '' }).verdict === 'proven';
}

function headerLost({ headers }: Expectation, host: string): string {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const names = Object.keys(headers);
  return `requests sent with ${sent.join(', ')} went as those without: ${names.join(', ')} ${names.length === 1 ? 'seems' : 'seem'} to be lost before ${host}, because an app on the way does not pass it on`;
}
