/** What a trace says: which version of a service answered, and the tree of its hops, flattened for a waterfall. */
import type { Receipt } from '../change/meshchange.ts';
import { serviceOf } from '../istio/hosts.ts';
import { matchable, matches } from '../istio/route/match.ts';
import type { JsonObject } from '../object.ts';
import type { Expectation } from '../plan.ts';
import type { Hop } from '../ports.ts';

/** Rows of a waterfall; more than that nobody reads. */
export const ROWS = 24;

/** How tracers name a host: `reviews.default`. */
function tracedName(host: string): string {
  const service = serviceOf(host);
  return service ? `${service.name}.${service.namespace}` : host;
}

/**
 * The version that answered first, of the requests that came as `where` says. A retry of the app is another draw, and
 * only the first is fair.
 */
export function versionAt(hops: Hop[], host: string, where?: Expectation['where']): string | undefined {
  const name = tracedName(host);
  return hops
    .filter(
      hop => hop.side === 'server' && hop.service === name && hop.version !== undefined && cameSo(hop, hops, where),
    )
    .sort((a, b) => a.start - b.start)[0]?.version;
}

/** Whether the request came as far as the service. */
export function reaches(hops: Hop[], host: string): boolean {
  return hops.some(hop => hop.side === 'server' && hop.service === tracedName(host));
}

/** False too where the trace does not tell. Tags: Envoy's own, and those of OpenTelemetry's HTTP conventions. */
function cameSo({ tags, parent }: Hop, hops: Hop[], where: Expectation['where']): boolean {
  if (!where) return true;
  const { path, method, caller } = where;
  const url = tags['http.url'] ?? tags['url.full'];
  const came = tags['url.path'] ?? (url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined);
  const verb = tags['http.method'] ?? tags['http.request.method'];
  const from = hops.find(hop => hop.id === parent)?.service;
  return (
    (path === undefined || (came !== undefined && meets('uri', path, came))) &&
    (method === undefined || (verb !== undefined && meets('method', method, verb))) &&
    (caller === undefined || from === caller || from?.split('.')[0] === caller)
  );
}

function meets(field: 'uri' | 'method', matcher: JsonObject, value: string): boolean {
  const from = { kind: 'sidecar' as const, namespace: '', labels: {} };
  const request = { from, host: '', port: 80, path: '/', method: 'GET', scheme: 'http' as const, headers: {} };
  const seen = field === 'uri' ? { ...request, path: value } : { ...request, method: value };
  return matches({ [field]: matcher }, matchable(seen));
}

/** The first `ROWS` of a trace, as a receipt keeps them. */
export function flatten(hops: Hop[]): NonNullable<Receipt['trace']> {
  return arranged(hops).slice(0, ROWS).map(rowOf);
}

/** A row of a waterfall. */
export function rowOf({ hop, depth, start }: Arranged): NonNullable<Receipt['trace']>[number] {
  return {
    service: hop.service,
    ...(hop.version !== undefined && { version: hop.version }),
    ...{ depth, start, took: round(hop.took) },
    ...(hop.status !== undefined && { status: hop.status }),
  };
}

export interface Arranged {
  hop: Hop;
  depth: number;
  /** ms from the trace's start. */
  start: number;
}

/**
 * Depth first, in the order of their start. A call that both sides reported is one row, the server's; with `sender` who
 * made the first call has a row too, though nobody called it.
 */
export function arranged(hops: Hop[], { sender = false } = {}): Arranged[] {
  const answered = new Set(hops.filter(hop => hop.side === 'server').flatMap(hop => [hop.id, hop.parent ?? '']));
  const dropped = new Map<string, string | undefined>();
  const kept: Hop[] = [];
  for (const hop of hops) {
    // The client's side of a call is left out where the server's side tells of it: by a shared id, or as its child.
    const isSender = sender && hop.parent === undefined;
    if (hop.side === 'client' && answered.has(hop.id) && !isSender) dropped.set(hop.id, hop.parent);
    else kept.push(hop);
  }
  const ids = new Set(kept.map(hop => hop.id));
  const parentOf = (hop: Hop): string | undefined => {
    let parent = hop.parent;
    for (let steps = 0; parent !== undefined && !ids.has(parent) && steps < hops.length; steps++)
      parent = dropped.get(parent);
    return parent !== undefined && ids.has(parent) && parent !== hop.id ? parent : undefined;
  };
  const children = new Map<string | undefined, Hop[]>();
  for (const hop of kept) {
    const parent = parentOf(hop);
    const beside = children.get(parent);
    if (beside) beside.push(hop);
    else children.set(parent, [hop]);
  }
  const zero = Math.min(...hops.map(hop => hop.start));
  const rows: Arranged[] = [];
  // What is below an id is shown once, so that ids given twice cannot make a trace grow; the next row is the last here.
  const below = (parent: string | undefined, depth: number): { hop: Hop; depth: number }[] => {
    const found = (children.get(parent) ?? []).sort((a, b) => b.start - a.start);
    children.delete(parent);
    return found.map(hop => ({ hop, depth }));
  };
  const open = below(undefined, 0);
  for (let next = open.pop(); next; next = open.pop()) {
    const { hop, depth } = next;
    rows.push({ hop, depth, start: round(hop.start - zero) });
    open.push(...below(hop.id, depth + 1));
  }
  return rows;
}

/** Microseconds are all that tracers know. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** For who cannot see a waterfall. */
export function hopsInWords(trace: NonNullable<Receipt['trace']>): string {
  const told = trace.map(({ service, version, status, start, took }) => {
    const failed = status !== undefined && status >= 400 ? ` answered ${status}` : '';
    return `${service}${version === undefined ? '' : ` ${version}`}${failed}: ${short(took)} ms from ${short(start)} ms on`;
  });
  return `${told.join('; ')}.`;
}

function short(ms: number): string {
  return ms >= 100 ? `${Math.round(ms)}` : ms.toFixed(1);
}
