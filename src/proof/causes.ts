/** Why a change is not proven, where what was seen tells: each cause that meshbot knows has a sentence of its own. Pure. */
import type { Receipt } from '../change/meshchange.ts';
import { shortHost } from '../istio/hosts.ts';
import type { Expectation } from '../plan.ts';
import { type Group, lagging, namedIn, toHaveIt } from './held/lagging.ts';
import { type Judged, judge } from './judging.ts';
import type { Look } from './look.ts';

type Proxies = NonNullable<Receipt['proxies']>;

/** The write is not known to have come to every proxy that was asked. undefined: it has, or nobody knows of any. */
export function stuckProxies(proxies: Proxies): string | undefined {
  const { behind, hold } = proxies;
  if (behind > 0 && behind === toHaveIt(proxies)) return `the route was not taken: ${nobodyTook(proxies)}`;
  const { old, missing, other, silent } = lagging(proxies);
  // Where no route of it is known again, it may be that it is written otherwise there than is known here.
  const isRead = hold > 0 || behind > 0;
  const of = toHaveIt(proxies);
  const said = [stuck(old, of), without(missing, of), ...(isRead ? [stray(other, of), quiet(silent, of)] : [])].filter(
    each => each !== undefined,
  );
  return said.length > 0 ? said.join('; ') : undefined;
}

function nobodyTook(proxies: Proxies): string {
  const { old, missing } = lagging(proxies);
  const all = toHaveIt(proxies);
  if (all === 1) {
    return old.count === 1
      ? `the one proxy that has routes of it (${old.names[0]}) still holds the route before it`
      : `the one proxy that is to have it (${missing.names[0]}) has no route of it`;
  }
  if (missing.count === 0) return `all ${all} proxies still hold the one before it`;
  if (old.count === 0) return `all ${all} proxies that are to have it have no route of it`;
  const [holds, has] = [old.count === 1 ? 'holds' : 'hold', missing.count === 1 ? 'has' : 'have'];
  return `of ${all} proxies ${old.count} still ${holds} the one before it, and ${missing.count} ${has} no route of it`;
}

function stuck(group: Group, of: number): string | undefined {
  if (group.count === 0) return undefined;
  const [is, holds] = group.count === 1 ? ['is', 'holds'] : ['are', 'hold'];
  return `${group.count} of ${of} proxies ${is} stuck${those(group)} still ${holds} the route before it`;
}

/** istiod told them nothing of it, though the mesh's objects say that they are to have it. */
function without(group: Group, of: number): string | undefined {
  if (group.count === 0) return undefined;
  const [has, is] = group.count === 1 ? ['has', 'is'] : ['have', 'are'];
  return `${group.count} of ${of} proxies ${has} no route of it, and ${is} to have one${those(group)}`;
}

/** Neither the route that was written nor one before it: of somebody else, or of long ago. */
function stray(group: Group, of: number): string | undefined {
  if (group.count === 0) return undefined;
  const [holds, it] = group.count === 1 ? ['holds', 'it'] : ['hold', 'them'];
  return `${group.count} of ${of} proxies ${holds} another route, neither the new one nor the one before it${those(group)}; look at ${it} with istioctl proxy-status`;
}

/** Some answer and some do not: these may hold anything. Where none answers, it is the asking that fails. */
function quiet(group: Group, of: number): string | undefined {
  if (group.count === 0) return undefined;
  const [does, it, holds] = group.count === 1 ? ['does', 'it', 'holds'] : ['do', 'they', 'hold'];
  return `${group.count} of ${of} proxies ${does} not answer${those(group)}; whether ${it} ${holds} the new route is not known`;
}

function those(group: Group): string {
  const named = namedIn(group);
  return named === '' ? '' : `: ${named}`;
}

/** undefined: not all that were asked are known to hold it. */
export function liveEverywhere(proxies: Proxies): string | undefined {
  const { hold, took } = proxies;
  if (hold === 0 || hold < toHaveIt(proxies)) return undefined;
  const seen = took === undefined ? '' : `, the last seen ${(took / 1_000).toFixed(1)} s after the write`;
  return `${hold} of ${toHaveIt(proxies)} proxies hold the new route${seen}. Now sending requests to see where they go`;
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
