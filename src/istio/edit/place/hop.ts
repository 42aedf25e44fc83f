/**
 * What of a route's match only the service's own side can tell: by which path, with which method and from whom a
 * request comes when it reaches the service behind others. A probe cannot promise it; its trace shows it.
 */

import type { JsonObject } from '../../../object.ts';
import type { Expectation } from '../../../plan.ts';
import { matchable, matches } from '../../route/match.ts';
import { matchWords } from '../../route/words.ts';
import { labelsOf, objectOf, objectsOf, stringOf } from '../read.ts';
import { excludes } from './cover.ts';
import type { Place } from './places.ts';
import { valueFor } from './sample.ts';

export interface HopSample {
  headers: Record<string, string>;
  where: NonNullable<Expectation['where']>;
}

const TOLD = ['uri', 'method', 'headers', 'sourceLabels', 'sourceNamespace', 'name', 'statPrefix'];
/** Labels that tracers name a workload by. */
const NAMED_BY = ['app', 'app.kubernetes.io/name', 'service.istio.io/canonical-name'];

/** undefined: it asks for nothing of the kind, or for more than a trace shows, or a route before it may take such requests. */
export function hopOf(place: Place, all: Place[]): HopSample | undefined {
  const [block, ...others] = place.section === 'http' && !place.catchAll ? objectsOf(place.effective.match) : [];
  if (!block || others.length > 0 || Object.keys(block).some(field => !TOLD.includes(field))) return undefined;
  const { headers, uri, method, sourceLabels, sourceNamespace, ...rest } = block;
  if (uri === undefined && method === undefined && sourceLabels === undefined) return undefined;
  const values = Object.entries(objectOf(headers)).map(([name, value]) => [name, valueFor(value)] as const);
  const [label, ...labels] = Object.entries(labelsOf(sourceLabels));
  const unnamed = label !== undefined && (labels.length > 0 || !NAMED_BY.includes(label[0]));
  if (unnamed || values.some(([, value]) => value === undefined)) return undefined;
  const carried = Object.fromEntries(values.map(([name, value]) => [name, value ?? '']));
  const before = all.slice(0, all.indexOf(place)).filter(each => each.reachable && each.section === 'http');
  const mayTake = (other: JsonObject) => !excludes(other, block) && carries(other, carried);
  if (before.some(each => each.catchAll || objectsOf(each.effective.match).some(mayTake))) return undefined;
  const namespace = stringOf(sourceNamespace);
  return {
    headers: carried,
    where: {
      says: matchWords({ match: [{ ...rest, ...defined({ uri, method, sourceLabels, sourceNamespace }) }] }) ?? '',
      ...(uri !== undefined && { path: objectOf(uri) }),
      ...(method !== undefined && { method: objectOf(method) }),
      ...(label && { caller: namespace === undefined ? label[1] : `${label[1]}.${namespace}` }),
    },
  };
}

/** Whether a request with just these headers meets what the block asks of headers. */
function carries(block: JsonObject, headers: Record<string, string>): boolean {
  const from = { kind: 'sidecar' as const, namespace: '', labels: {} };
  const request = { from, host: '', port: 80, path: '/', method: 'GET', scheme: 'http' as const, headers };
  return block.headers === undefined || matches({ headers: block.headers }, matchable(request));
}

function defined(fields: Record<string, JsonObject[string] | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}
