/** Reads lengths of time and gates: `30m`, `1h30m`; `errors<1%`, `p95<500ms`. */
import { durationOf, writeDuration } from '../duration.ts';
import type { Gate } from '../plan.ts';
import type { Reading } from './reading.ts';

export function readDuration(word: string, { least, most }: { least: number; most: number }): Reading {
  const ms = durationOf(word);
  if (ms === undefined) {
    return mistake(word, ' is not a length of time. Write ', '30m', ', ', '90s', ' or ', '1h30m', '.');
  }
  if (ms < least) return mistake(word, ' is too short. The least is ', writeDuration(least), '.');
  if (ms > most) return mistake(word, ' is too long. The most is ', writeDuration(most), '.');
  return { kind: 'value', value: ms };
}

const GATE = /^(errors|p50|p95)\s*(?:<|≤|<=)\s*(\d{1,7}(?:\.\d{1,4})?)\s*(%|ms|s)$/i;

export function readGate(word: string): Reading {
  const [, measure = '', number = '', unit = ''] = GATE.exec(word.trim()) ?? [];
  const isShare = measure.toLowerCase() === 'errors';
  const value = Number(number) * (unit.toLowerCase() === 's' ? 1_000 : 1);
  if (measure === '' || isShare !== (unit === '%') || !(value > 0) || (isShare && value > 100)) {
    return mistake(word, ' is not a gate. Write ', 'errors<1%', ', ', 'p95<500ms', ' or ', 'p50<1s', '.');
  }
  const gate: Gate = { measure: measure.toLowerCase() as Gate['measure'], below: value };
  return { kind: 'value', value: [{ ...gate }] };
}

/** Every other word is code. */
function mistake(word: string, ...words: string[]): Reading {
  return {
    kind: 'mistake',
    says: [{ code: word }, ...words.map((each, at) => (at % 2 === 0 ? each : { code: each }))],
  };
}
