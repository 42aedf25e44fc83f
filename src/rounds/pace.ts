/** How the services do now, against the same time a week ago: who fails more, who is slower. Pure. */
import { perSecond } from '../change/phrases.ts';
import { serviceOf, shortHost } from '../istio/hosts.ts';
import type { Behaviour } from '../ports.ts';
import type { Problem } from './standing.ts';

export type Behaviours = Record<string, Behaviour>;

export interface Pace {
  /** By fully qualified host. */
  now: Behaviours;
  /** Empty where nothing of a week ago is known. */
  before: Behaviours;
}

/** What is said to be the service of requests that reached none: their route leads nowhere. */
export const NOWHERE = 'unknown';
/** Requests/s below which a share says little. */
const FEW = 0.05;

export function slower({ now, before }: Pace, reader: string): Problem[] {
  return Object.entries(now).flatMap(([host, is]) => {
    if (host === NOWHERE) return lost(is);
    const was = before[host];
    return [...failing(host, is, was, reader), ...late(host, is, was, reader)];
  });
}

/** Whether only the metrics can tell that it is so, or no more. */
export function isOfPace(key: string): boolean {
  return /^(errors-up|slower) /.test(key);
}

function lost({ rate, errors = 0 }: Behaviour): Problem[] {
  const failed = rate * errors;
  if (failed < FEW) return [];
  return [
    {
      key: `errors-up ${NOWHERE}`,
      severity: 'error',
      says: `${perSecond(failed)} requests/s reached no service in the last ten minutes, and were answered with 5xx.`,
      path: 'istio_requests_total',
    },
  ];
}

/** At least 1 % and twice what it was; 5 % where nobody knows what it was. */
function failing(host: string, is: Behaviour, was: Behaviour | undefined, reader: string): Problem[] {
  const errors = is.errors ?? 0;
  const usual = was?.errors;
  const least = usual === undefined ? 0.05 : Math.max(0.01, usual * 2, usual + 0.01);
  if (is.rate < FEW || errors < least) return [];
  const then = usual === undefined ? '' : `, a week ago ${share(usual)}`;
  return [
    {
      key: `errors-up ${host}`,
      severity: errors >= 0.05 ? 'error' : 'warning',
      says: `${share(errors)} of the requests to ${shortHost(host, reader)} were answered with 5xx in the last ten minutes${then}.`,
      path: pathOf(host),
    },
  ];
}

/** Half as slow again, and 50 ms more. */
function late(host: string, is: Behaviour, was: Behaviour | undefined, reader: string): Problem[] {
  if (is.rate < FEW || is.p95 === undefined || was?.p95 === undefined) return [];
  if (is.p95 < was.p95 * 1.5 || is.p95 < was.p95 + 50) return [];
  return [
    {
      key: `slower ${host}`,
      severity: 'warning',
      says: `${shortHost(host, reader)} is slower: 95 % of its requests took up to ${ms(is.p95)} in the last ten minutes, a week ago ${ms(was.p95)}.`,
      path: pathOf(host),
    },
  ];
}

/** `Service/default/reviews`. */
function pathOf(host: string): string {
  const service = serviceOf(host);
  return service ? `Service/${service.namespace}/${service.name}` : host;
}

/** `0.4 %` of a share from 0 to 1. */
export function share(of: number): string {
  return `${Number((of * 100).toPrecision(2))} %`;
}

function ms(time: number): string {
  return time >= 10_000 ? `${Math.round(time / 1_000)} s` : `${Number(time.toPrecision(3))} ms`;
}
