/** One GET to a telemetry server: bounded in time and size, its answer checked by a schema. */
import { request } from 'undici';
import type { z } from 'zod';

/** ms. */
const LONGEST = 5_000;
/** Bytes: a trace of some thousand spans. */
const MOST = 8 * 2 ** 20;

/** A telemetry server that cannot be asked, or whose answer is not understood. */
class TelemetryError extends Error {
  override name = 'TelemetryError';
}

/** undefined: 404. Throws TelemetryError, which names `server`, with the cause. */
export async function ask<T>(server: string, url: URL, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const signal = AbortSignal.timeout(LONGEST);
    const { statusCode, body } = await request(url, { headers: { accept: 'application/json' }, signal });
    const text = await bounded(body);
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw new TelemetryError(`${server} answered ${statusCode}: ${text.slice(0, 200)}`);
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof TelemetryError) throw cause;
    throw new TelemetryError(`${server} at ${url.origin} cannot be asked: ${reason(cause)}`, { cause });
  }
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

function reason(cause: unknown): string {
  const { name, code } = cause as { name?: string; code?: string };
  if (name === 'TimeoutError') return `no answer within ${LONGEST / 1_000} s`;
  if (name === 'ZodError' || cause instanceof SyntaxError) return 'its answer is not understood';
  return code ?? 'the request failed';
}
