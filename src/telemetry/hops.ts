/** The spans of a trace, as any tracer has them, as hops: whose they are, in which version, and under which other. */
import type { Hop } from '../ports.ts';

/** A span, read from a tracer's own format. */
export interface Reported {
  id: string;
  parent: string | undefined;
  side: Hop['side'];
  /** As the tracer names it. */
  service: string | undefined;
  name: string;
  /** Epoch ms. */
  start: number;
  /** ms. */
  took: number;
  /** Those of the span over those of the process that sent it. */
  tags: Record<string, string>;
}

/** Hex of an id of a trace, 64 or 128 bits. Throws RangeError for any other: it becomes part of a path. */
export function checkId(traceId: string): void {
  if (!/^[0-9a-f]{16}([0-9a-f]{16})?$/.test(traceId)) throw new RangeError(`'${traceId}' is no id of a trace`);
}

/**
 * With B3 both sides of a hop share one span id (Envoy does so). Here each side is a hop of its own: the server's hangs
 * under the client's, and what the server called hangs under the server's. A parent that was not reported, as that of
 * a probe which brought its own span id, is none.
 */
export function hopsOf(found: Reported[]): Hop[] {
  const clients = new Set(found.filter(({ side }) => side === 'client').map(({ id }) => id));
  const served = new Set(found.filter(({ side, id }) => side === 'server' && clients.has(id)).map(({ id }) => id));
  const known = new Set(found.map(({ id }) => id));
  const own = (id: string) => (served.has(id) ? `${id}/server` : id);
  return found.map(each => {
    const isServed = each.side === 'server' && served.has(each.id);
    const parent = isServed ? each.id : each.parent && known.has(each.parent) ? own(each.parent) : undefined;
    return hopOf(each, isServed ? own(each.id) : each.id, parent);
  });
}

function hopOf(span: Reported, id: string, parent: string | undefined): Hop {
  const { side, name, start, took, tags } = span;
  const version = versionIn(tags);
  const status = Number(tags['http.status_code'] ?? tags['http.response.status_code']);
  return {
    id,
    ...(parent ? { parent } : {}),
    service: serviceIn(span.service, tags),
    ...(version ? { version } : {}),
    ...{ side, name, start, took },
    ...(Number.isInteger(status) ? { status } : {}),
    tags,
  };
}

/** Proxies are named `reviews.default`; with OpenTelemetry's naming the namespace stands beside the name. */
function serviceIn(named: string | undefined, tags: Record<string, string>): string {
  const service = named || tags['istio.canonical_service'] || 'unknown';
  const namespace = tags['service.namespace'] ?? tags['k8s.namespace.name'] ?? tags['istio.namespace'];
  return service === 'unknown' || service.includes('.') || !namespace ? service : `${service}.${namespace}`;
}

/**
 * Istio's own tag, or the pod in Envoy's node id (`sidecar~10.0.0.7~reviews-v3-7dbc-x2x.default~default.svc.cluster.local`)
 * or in the resource. `service.version` is what an app says of itself, which need not be its pod's version label.
 */
function versionIn(tags: Record<string, string>): string | undefined {
  const revision = tags['istio.canonical_revision'];
  if (revision && revision !== 'latest' && revision !== 'unknown') return revision;
  const pod = tags.node_id?.split('~')[2]?.split('.')[0] ?? tags['k8s.pod.name'];
  return pod && /-(v\d[a-z0-9]*)-[a-z0-9]+-[a-z0-9]+$/.exec(pod)?.[1];
}
