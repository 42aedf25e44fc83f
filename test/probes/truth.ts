/** What a real API server answered, kept beside, and held against both. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** By the name of the probe: its answers, without what differs from time to time. */
export type Truth = Record<string, unknown[]>;

const fileOf = (suite: string) => join(import.meta.dirname, 'truth', `${suite}.json`);

export function truthOf(suite: string): Truth {
  const file = fileOf(suite);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Truth) : {};
}

export function keepTruth(suite: string, truth: Truth): void {
  writeFileSync(fileOf(suite), `${JSON.stringify(truth, null, 1)}\n`);
}
