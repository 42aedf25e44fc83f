/** One GET to a telemetry server: bounded in time and size, its answer checked by a schema. */
import { request } from 'undici';
import type { z } from 'zod';

/** ms. */
const LONGEST = 5_000;
/** Bytes: a trace of some thousand spans. */
const MOST = 8 * 2 ** 20;

/** A telemetry server that cannot be asked, or whose answer is not understood. */
export class TelemetryError extends Error {
  override name = 'TelemetryError';
  /** HTTP status of an answer that was given; undefined: none came. */
  readonly status: number | undefined;
  constructor(message: string, options?: { cause?: unknown; status?: number }) {
    super(message, options);
    this.status = options?.status;
  }
}

export interface Question<T> {
  /** For messages: `Jaeger`. */
  server: string;
  url: URL;
  schema: z.ZodType<T>;
  /** Whose data, where the server keeps several tenants' apart: sent as X-Scope-OrgID (Grafana Mimir and Tempo, "Tenant ID"). */
  tenant?: string | undefined;
  /** What a 404 must look like to mean that there is no such thing, and not that there is no such API. */
  absence?: z.ZodType;
}

/** undefined: 404. Throws TelemetryError, which names the server, with the cause. */
export async function ask<T>({ server, url, schema, tenant, absence }: Question<T>): Promise<T | undefined> {
  let status: number | undefined;
  try {
    const signal = AbortSignal.timeout(LONGEST);
    const headers = { accept: 'application/json', ...(tenant !== undefined && { 'x-scope-orgid': tenant }) };
    const { statusCode, body } = await request(url, { headers, signal });
    status = statusCode;
    const text = await bounded(body);
    if (status === 404 && (!absence || absence.safeParse(jsonOf(text)).success)) return undefined;
    if (status !== 200) throw new TelemetryError(`${server} answered ${status}: ${text.slice(0, 200)}`, { status });
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof TelemetryError) throw cause;
    const message = `${server} at ${url.origin} cannot be asked: ${reason(cause)}`;
    throw new TelemetryError(message, { cause, ...(status !== undefined && { status }) });
  }
}

/** `path` under an address that people wrote, whose own path is kept. */
export function addressOf(url: string, path: string): URL {
  return new URL(`${url.replace(/\/+$/, '')}${path}`);
}

async function bounded(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > MOST) throw new TelemetryError('its answer is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reason(cause: unknown): string {
  const { name, code } = cause as { name?: string; code?: string };
  if (name === 'TimeoutError') return `no answer within ${LONGEST / 1_000} s`;
  if (name === 'ZodError' || cause instanceof SyntaxError) return 'its answer is not understood';
  return code ?? 'the request failed';
}
