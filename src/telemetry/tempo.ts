/** Traces of Tempo: by its API v2, or by v1 where that is older. https://grafana.com/docs/tempo/latest/api_docs/#query */
import { z } from 'zod';
import type { Traces } from '../ports.ts';
import { dialect, findingBy } from './dialects.ts';
import { hopsOf } from './hops.ts';
import { reportedIn, resourceSpans } from './otlp.ts';

/** Answers 200 with an empty trace where there is none; a 404 is that of a Tempo without this API. */
const v2 = dialect({
  path: traceId => `/api/v2/traces/${traceId}`,
  schema: z.object({ trace: z.object({ resourceSpans, batches: resourceSpans }).nullish() }),
  hops: ({ trace }) => hopsOf([...reportedIn(trace?.resourceSpans), ...reportedIn(trace?.batches)]),
});

const v1 = dialect({
  path: traceId => `/api/traces/${traceId}`,
  schema: z.object({ batches: resourceSpans, resourceSpans }),
  hops: ({ batches, resourceSpans }) => hopsOf([...reportedIn(batches), ...reportedIn(resourceSpans)]),
});

export interface TempoOptions {
  /** `http://tempo.observability:3200`; a path in front of /api is kept. */
  url: string;
  tenant?: string | undefined;
  /** Where people look at a trace; `{traceId}` is put in. */
  link: string | undefined;
}

/** `find` throws TelemetryError. */
export function tempo({ url, tenant, link }: TempoOptions): Traces {
  return {
    name: 'Tempo',
    find: findingBy({ server: 'Tempo', addresses: [url], tenant }, [v2, v1]),
    link: traceId => link?.replaceAll('{traceId}', traceId),
  };
}
