/** The Traces port over Zipkin's API, which Jaeger and others speak too. https://zipkin.io/zipkin-api/ */
import { z } from 'zod';
import type { Hop, Traces } from '../ports.ts';
import { ask } from './ask.ts';

const span = z.object({
  id: z.string(),
  parentId: z.string().optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  /** Epoch µs. */
  timestamp: z.number().optional(),
  /** µs. */
  duration: z.number().optional(),
  localEndpoint: z.object({ serviceName: z.string().optional() }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  shared: z.boolean().optional(),
});
const spans = z.array(span);
type Span = z.output<typeof span>;

export interface ZipkinOptions {
  /** `http://zipkin.istio-system:9411`; a path in front of /api is kept. */
  url: string;
  /** Where people look at a trace; `{traceId}` is put in. */
  link: string | undefined;
}

/** `find` throws TelemetryError. */
export function zipkin({ url, link }: ZipkinOptions): Traces {
  return {
    async find(traceId) {
      checkId(traceId);
      const address = new URL(`${url.replace(/\/+$/, '')}/api/v2/trace/${traceId}`);
      const found = await ask('Zipkin', address, spans);
      return found && found.length > 0 ? hopsOf(found) : undefined;
    },
    link: traceId => link?.replaceAll('{traceId}', encodeURIComponent(traceId)),
  };
}

/** Where no tracer is configured: nothing is ever found. */
export const noTraces: Traces = {
  find: async () => undefined,
  link: () => undefined,
};

function checkId(traceId: string): void {
  if (!/^[0-9a-f]{16}([0-9a-f]{16})?$/.test(traceId)) throw new RangeError(`'${traceId}' is no id of a trace`);
}

/**
 * With B3 both sides of a hop share one span id (Envoy does so). Here each side is a hop of its own: the server's hangs
 * under the client's, and what the server called hangs under the server's. A parent that was not reported, as that of
 * a probe which brought its own span id, is none.
 */
function hopsOf(found: Span[]): Hop[] {
  const clients = new Set(found.filter(({ kind }) => kind === 'CLIENT').map(({ id }) => id));
  const served = new Set(found.filter(({ kind, id }) => kind === 'SERVER' && clients.has(id)).map(({ id }) => id));
  const known = new Set(found.map(({ id }) => id));
  const own = (id: string) => (served.has(id) ? `${id}/server` : id);
  return found.map(each => {
    const isServed = each.kind === 'SERVER' && served.has(each.id);
    const parent = isServed ? each.id : each.parentId && known.has(each.parentId) ? own(each.parentId) : undefined;
    return hopOf(each, isServed ? own(each.id) : each.id, parent);
  });
}

function hopOf(span: Span, id: string, parent: string | undefined): Hop {
  const tags = span.tags ?? {};
  const version = versionIn(tags);
  const status = Number(tags['http.status_code']);
  return {
    id,
    ...(parent ? { parent } : {}),
    service: span.localEndpoint?.serviceName ?? 'unknown',
    ...(version ? { version } : {}),
    side: span.kind === 'CLIENT' ? 'client' : span.kind === 'SERVER' ? 'server' : 'other',
    name: span.name ?? '',
    start: (span.timestamp ?? 0) / 1_000,
    took: (span.duration ?? 0) / 1_000,
    ...(Number.isInteger(status) ? { status } : {}),
    tags,
  };
}

/** Istio's own tag, or the pod in Envoy's node id: `sidecar~10.0.0.7~reviews-v3-7dbc-x2x.default~default.svc.cluster.local`. */
function versionIn(tags: Record<string, string>): string | undefined {
  const revision = tags['istio.canonical_revision'];
  if (revision && revision !== 'latest' && revision !== 'unknown') return revision;
  const pod = tags.node_id?.split('~')[2]?.split('.')[0];
  return pod && /-(v\d[a-z0-9]*)-[a-z0-9]+-[a-z0-9]+$/.exec(pod)?.[1];
}
