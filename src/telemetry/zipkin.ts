/** Traces of Zipkin. https://zipkin.io/zipkin-api/ */
import { z } from 'zod';
import type { Traces } from '../ports.ts';
import { addressOf, ask } from './ask.ts';
import { checkId, hopsOf, type Reported } from './hops.ts';

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
});
const spans = z.array(span);

export interface ZipkinOptions {
  /** `http://zipkin.istio-system:9411`; a path in front of /api is kept. */
  url: string;
  /** Where people look at a trace; `{traceId}` is put in. */
  link: string | undefined;
}

/** `find` throws TelemetryError. */
export function zipkin({ url, link }: ZipkinOptions): Traces {
  return {
    name: 'Zipkin',
    async find(traceId) {
      checkId(traceId);
      const found = await ask({ server: 'Zipkin', url: addressOf(url, `/api/v2/trace/${traceId}`), schema: spans });
      return found && found.length > 0 ? hopsOf(found.map(reported)) : undefined;
    },
    link: traceId => link?.replaceAll('{traceId}', traceId),
  };
}

function reported(read: z.output<typeof span>): Reported {
  return {
    id: read.id,
    parent: read.parentId,
    side: read.kind === 'CLIENT' ? 'client' : read.kind === 'SERVER' ? 'server' : 'other',
    service: read.localEndpoint?.serviceName,
    name: read.name ?? '',
    start: (read.timestamp ?? 0) / 1_000,
    took: (read.duration ?? 0) / 1_000,
    tags: read.tags ?? {},
  };
}
