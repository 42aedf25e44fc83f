/**
 * Spans in OTLP's JSON, as Jaeger's API v3 and Tempo answer. Both write it in two ways: OTLP's own (ids in hex, kinds as
 * numbers) and Protobuf's (ids in base64, kinds by name). https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import { z } from 'zod';
import type { Hop } from '../ports.ts';
import type { Reported } from './hops.ts';

const value = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.union([z.string(), z.number()]).optional(),
  boolValue: z.boolean().optional(),
});
const attributes = z
  .array(z.object({ key: z.string(), value: value.nullish() }))
  .nullish()
  .transform(read => Object.fromEntries((read ?? []).map(({ key, value }) => [key, textOf(value ?? {})])));

/** Epoch ns: more digits than a number holds. */
const nanoseconds = z
  .union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()])
  .optional()
  .transform(read => BigInt(read ?? 0));

const span = z.object({
  spanId: z.string().transform(hex),
  parentSpanId: z.string().nullish(),
  name: z.string().optional(),
  kind: z.union([z.string(), z.number()]).optional(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  status: z.object({ code: z.union([z.string(), z.number()]).optional() }).nullish(),
});
const scoped = z.array(z.object({ spans: z.array(span).nullish() })).nullish();

/** The three names that OTLP has had for the same list. */
const resource = z.object({
  resource: z.object({ attributes }).nullish(),
  scopeSpans: scoped,
  instrumentationLibrarySpans: scoped,
  ilSpans: scoped,
});

export const resourceSpans = z.array(resource).nullish();

export function reportedIn(resources: z.output<typeof resourceSpans>): Reported[] {
  return (resources ?? []).flatMap(each => {
    const process = each.resource?.attributes ?? {};
    const lists = [each.scopeSpans, each.instrumentationLibrarySpans, each.ilSpans].flatMap(list => list ?? []);
    return lists.flatMap(({ spans }) => (spans ?? []).map(read => reported(read, process)));
  });
}

function reported(read: z.output<typeof span>, process: Record<string, string>): Reported {
  const failed = read.status?.code === 2 || read.status?.code === 'STATUS_CODE_ERROR';
  return {
    id: read.spanId,
    parent: parentOf(read.parentSpanId ?? ''),
    side: sideOf(read.kind),
    service: process['service.name'],
    name: read.name ?? '',
    start: Number(read.startTimeUnixNano / 1_000n) / 1_000,
    took: Math.max(0, Number(read.endTimeUnixNano - read.startTimeUnixNano) / 1e6),
    tags: { ...(failed && { error: 'true' }), ...process, ...read.attributes },
  };
}

function sideOf(kind: string | number | undefined): Hop['side'] {
  if (kind === 2 || kind === 'SPAN_KIND_SERVER') return 'server';
  return kind === 3 || kind === 'SPAN_KIND_CLIENT' ? 'client' : 'other';
}

/** All zeros: none. */
function parentOf(id: string): string | undefined {
  const read = hex(id);
  return /^0*$/.test(read) ? undefined : read;
}

/** Eight bytes are 16 digits in hex; in base64 they are 12 characters, the last a sign of equality. */
function hex(id: string): string {
  return id.endsWith('=') ? Buffer.from(id, 'base64').toString('hex') : id.toLowerCase();
}

function textOf(read: z.output<typeof value>): string {
  const plain = read.stringValue ?? read.intValue ?? read.doubleValue ?? read.boolValue;
  return plain === undefined ? JSON.stringify(read) : String(plain);
}
