/**
 * Traces of Jaeger: by its API v3 (OTLP), or by the API of its own pages where v3 is not served.
 * https://www.jaegertracing.io/docs/latest/architecture/apis/
 */
import { z } from 'zod';
import type { Hop, Traces } from '../ports.ts';
import { dialect, findingBy } from './dialects.ts';
import { hopsOf, type Reported } from './hops.ts';
import { reportedIn, resourceSpans } from './otlp.ts';

const tags = z
  .array(z.object({ key: z.string(), value: z.unknown() }))
  .nullish()
  .transform(read => Object.fromEntries((read ?? []).map(({ key, value }) => [key, textOf(value)])));

const span = z.object({
  spanID: z.string(),
  operationName: z.string().optional(),
  references: z.array(z.object({ refType: z.string(), spanID: z.string() })).nullish(),
  /** Epoch µs. */
  startTime: z.number(),
  /** µs. */
  duration: z.number(),
  tags,
  processID: z.string().optional(),
});
const process = z.object({ serviceName: z.string().optional(), tags });
const trace = z.object({ spans: z.array(span), processes: z.record(z.string(), process).default({}) });

const v3 = dialect({
  path: traceId => `/api/v3/traces/${traceId}`,
  schema: z.object({ result: z.object({ resourceSpans }) }),
  hops: ({ result }) => hopsOf(reportedIn(result.resourceSpans)),
  absence: z.object({ error: z.object({ httpCode: z.literal(404) }) }),
});

const v1 = dialect({
  path: traceId => `/api/traces/${traceId}`,
  schema: z.object({ data: z.array(trace).nullable() }),
  hops: ({ data }) =>
    hopsOf((data ?? []).flatMap(({ spans, processes }) => spans.map(each => reported(each, processes)))),
  absence: z.object({ errors: z.array(z.object({ code: z.literal(404) })).min(1) }),
});

export interface JaegerOptions {
  /** `http://tracing.istio-system/jaeger`. Where it has no path, Istio's own `/jaeger` is tried too. */
  url: string;
  /** Where people look at a trace; `{traceId}` is put in. */
  link: string | undefined;
}

/** `find` throws TelemetryError. */
export function jaeger({ url, link }: JaegerOptions): Traces {
  const isBare = new URL(url).pathname === '/';
  const addresses = isBare ? [url, `${url.replace(/\/+$/, '')}/jaeger`] : [url];
  return {
    name: 'Jaeger',
    find: findingBy({ server: 'Jaeger', addresses }, [v3, v1]),
    link: traceId => link?.replaceAll('{traceId}', traceId),
  };
}

function reported(read: z.output<typeof span>, processes: z.output<typeof trace>['processes']): Reported {
  const from = processes[read.processID ?? ''];
  return {
    id: read.spanID,
    parent: read.references?.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
    side: sideOf(read.tags['span.kind']),
    service: from?.serviceName,
    name: read.operationName ?? '',
    start: read.startTime / 1_000,
    took: read.duration / 1_000,
    tags: { ...from?.tags, ...read.tags },
  };
}

function sideOf(kind: string | undefined): Hop['side'] {
  return kind === 'client' || kind === 'server' ? kind : 'other';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
