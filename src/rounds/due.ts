/** Whether a post is due, of which slot, and which slots before it nobody posted. Pure. */
import type { HealthSchedule } from '../records/health-schedule.ts';
import { lastSlot, nextSlot, slotsBetween } from './slots.ts';
import { whenOf } from './when.ts';
import { isZone } from './zone.ts';

/** A slot that was missed is posted late by no more than this; after it, the next post says so. ms. */
export const LATEST = 3_600_000;

/** Of a record as it was read: before then nothing is due. It is asked every few seconds, and days are long. */
const notBefore = new WeakMap<HealthSchedule, number>();

export interface Due {
  /** Epoch ms. */
  slot: number;
  /** Slots since the last post that were not posted. */
  missed: number;
}

/** undefined: nothing is due. A slot that was claimed, by whatever clock, is never due again, nor is any before it. */
export function dueSlot(schedule: HealthSchedule, now: number): Due | undefined {
  const { spec, status } = schedule;
  if (now < (notBefore.get(schedule) ?? 0)) return undefined;
  const when = whenOf(spec.when);
  const created = createdAt(schedule);
  if (!when || !isZone(spec.tz) || created === undefined) return undefined;
  notBefore.set(schedule, nextSlot(when, spec.tz, status?.slot ?? created) ?? 0);
  const slot = lastSlot(when, spec.tz, now);
  if (slot === undefined || slot <= (status?.slot ?? created) || now - slot > LATEST) return undefined;
  return { slot, missed: slotsBetween(when, spec.tz, status?.last?.slot ?? created, slot).length };
}

/** When the next post is due, epoch ms. undefined: never, for what the schedule says is not understood. */
export function nextDue({ spec, status }: HealthSchedule, now: number): number | undefined {
  const when = whenOf(spec.when);
  return when && isZone(spec.tz) ? nextSlot(when, spec.tz, Math.max(now, status?.slot ?? 0)) : undefined;
}

function createdAt({ metadata }: HealthSchedule): number | undefined {
  const created = Date.parse(metadata.creationTimestamp ?? '');
  return Number.isNaN(created) ? undefined : created;
}
