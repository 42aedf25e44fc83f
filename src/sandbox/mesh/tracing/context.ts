/** Trace context in headers: B3 (x-b3-…) and W3C (traceparent), read from a request and written to the next. */
import type { Random } from '../../../ports.ts';
import type { Headers } from '../proxy/messages.ts';

export interface TraceContext {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  parentId?: string;
  sampled: boolean;
}

/** The context of a span under the one that the headers tell of; a new trace where they tell of none. */
export function under(headers: Headers, random: Random): TraceContext {
  const spanId = random.hex(8);
  const known = fromB3(headers) ?? fromTraceparent(headers);
  if (!known) return { traceId: random.hex(16), spanId, sampled: headers['x-b3-sampled'] !== '0' };
  return { traceId: known.traceId, spanId, parentId: known.spanId, sampled: known.sampled };
}

export function contextHeaders(context: TraceContext): Headers {
  const sampled = context.sampled ? '1' : '0';
  return {
    'x-b3-traceid': context.traceId,
    'x-b3-spanid': context.spanId,
    'x-b3-sampled': sampled,
    ...(context.parentId === undefined ? {} : { 'x-b3-parentspanid': context.parentId }),
    traceparent: `00-${context.traceId}-${context.spanId}-0${sampled}`,
  };
}

type Known = { traceId: string; spanId: string; sampled: boolean };

function fromB3(headers: Headers): Known | undefined {
  const traceId = headers['x-b3-traceid']?.toLowerCase() ?? '';
  const spanId = headers['x-b3-spanid']?.toLowerCase() ?? '';
  if (!/^([0-9a-f]{16}|[0-9a-f]{32})$/.test(traceId) || !/^[0-9a-f]{16}$/.test(spanId)) return undefined;
  const sampled = headers['x-b3-sampled'];
  return { traceId: traceId.padStart(32, '0'), spanId, sampled: sampled !== '0' && sampled !== 'false' };
}

function fromTraceparent(headers: Headers): Known | undefined {
  const read = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(headers.traceparent ?? '');
  if (!read || /^0+$/.test(read[1]!) || /^0+$/.test(read[2]!)) return undefined;
  return { traceId: read[1]!, spanId: read[2]!, sampled: (Number.parseInt(read[3]!, 16) & 1) === 1 };
}

/** A version 4 UUID. */
export function requestId(random: Random): string {
  const hex = random.hex(16);
  const at = (from: number, length: number) => hex.slice(from, from + length);
  return `${at(0, 8)}-${at(8, 4)}-4${at(13, 3)}-a${at(17, 3)}-${at(20, 12)}`;
}
