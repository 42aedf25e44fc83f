/** The machine: time, chance, and the log. */
import type { JsonObject } from '../object.ts';

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}

/** A structured log line: a static message with fields (pino's shape). */
export interface Log {
  info(fields: JsonObject | object, message: string): void;
  warn(fields: JsonObject | object, message: string): void;
  error(fields: JsonObject | object, message: string): void;
}
