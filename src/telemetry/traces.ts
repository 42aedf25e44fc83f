/** The tracer that is configured or was found, behind the Traces port. */
import type { Traces } from '../ports.ts';
import { jaeger } from './jaeger.ts';
import { tempo } from './tempo.ts';
import { zipkin } from './zipkin.ts';

export interface TracerSettings {
  jaeger?: string | undefined;
  tempo?: string | undefined;
  zipkin?: string | undefined;
  /** Whose traces, where Tempo keeps several tenants' apart. */
  tenant?: string | undefined;
  /** Where people look at a trace; `{traceId}` is put in. */
  traceLink?: string | undefined;
}

export function tracesOf({ traceLink: link, tenant, ...urls }: TracerSettings): Traces {
  if (urls.jaeger !== undefined) return jaeger({ url: urls.jaeger, link });
  if (urls.tempo !== undefined) return tempo({ url: urls.tempo, tenant, link });
  return urls.zipkin === undefined ? noTraces : zipkin({ url: urls.zipkin, link });
}

/** Where no tracer is known: nothing is ever found. */
export const noTraces: Traces = {
  find: async () => undefined,
  link: () => undefined,
};
