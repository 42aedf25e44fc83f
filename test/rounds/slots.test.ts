import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastSlot, nextSlot, slotsBetween } from '../../src/rounds/slots.ts';
import { canonical, type When, whenOf } from '../../src/rounds/when.ts';
import { isZone, wallAt, zoneNamed } from '../../src/rounds/zone.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe', 'UTC', 'America/Sao_Paulo'];
const DAY = 86_400_000;

const when = (text: string): When => whenOf(canonical(text)!)!;
const iso = (moments: number[]) => moments.map(moment => new Date(moment).toISOString().replace(':00.000Z', 'Z'));
const between = (text: string, tz: string, from: string, to: string) =>
  iso(slotsBetween(when(text), tz, Date.parse(from) - 1, Date.parse(to)));

describe('what people write', () => {
  it.each([
    ['weekday 9:00', 'weekday 09:00'],
    ['day 9', 'day 09:00'],
    ['Mondays at 9:30pm', 'monday 21:30'],
    ['fri 12am', 'friday 00:00'],
    ['day 12 pm', 'day 12:00'],
    ['4h', '4h'],
    ['4 hours', '4h'],
    ['hour', '1h'],
    ['90 m', undefined],
    ['60m', '1h'],
    ['15 minutes', '15m'],
    ['7h', undefined],
    ['1m', undefined],
    ['weekday', undefined],
    ['weekday 24:00', undefined],
    ['weekday 9:60', undefined],
    ['day 13pm', undefined],
    ['someday 9:00', undefined],
    ['toString 9:00', undefined],
    ['', undefined],
  ])('%j is kept as %j', (text, kept) => {
    expect(canonical(text)).toBe(kept);
    if (kept !== undefined) expect(whenOf(kept)).toBeDefined();
  });

  it('is nothing where it was not written by meshbot', () => {
    for (const text of ['7h', '', 'weekday', 'constructor 09:00', '1440m']) expect(whenOf(text)).toBeUndefined();
  });

  it('names zones that there are, and no offsets', () => {
    expect(['Asia/Tokyo', 'UTC', 'asia/tokyo'].map(isZone)).toEqual([true, true, true]);
    expect(['+09:00', 'Mars/Base', '', '9'].map(isZone)).toEqual([false, false, false, false]);
    expect(zoneNamed('asia/tokyo')).toBe('Asia/Tokyo');
  });
});

describe('slots', () => {
  it('come at the same time of the clock in summer and winter', () => {
    // Clocks go forward on Sunday 29 March 2026.
    expect(between('weekday 9:00', 'Europe/Berlin', '2026-03-26T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-03-26T08:00Z',
      '2026-03-27T08:00Z',
      '2026-03-30T07:00Z',
      '2026-03-31T07:00Z',
    ]);
    expect(between('monday 9:00', 'Asia/Tokyo', '2026-03-01T00:00Z', '2026-03-12T00:00Z')).toEqual([
      '2026-03-02T00:00Z',
      '2026-03-09T00:00Z',
    ]);
  });

  it('that the clocks leap over in spring come right after, once', () => {
    expect(between('day 2:30', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-28T01:30Z',
      // 03:30 in summer time: 02:30 is not shown that day.
      '2026-03-29T01:30Z',
      '2026-03-30T00:30Z',
    ]);
    expect(between('day 2:15', 'America/New_York', '2026-03-07T00:00Z', '2026-03-10T00:00Z')).toEqual([
      '2026-03-07T07:15Z',
      '2026-03-08T07:15Z',
      '2026-03-09T06:15Z',
    ]);
    // Lord Howe moves by half an hour: 02:00 becomes 02:30 on 4 October 2026.
    expect(between('day 2:15', 'Australia/Lord_Howe', '2026-10-02T00:00Z', '2026-10-05T00:00Z')).toEqual([
      '2026-10-02T15:45Z',
      '2026-10-03T15:45Z',
      '2026-10-04T15:15Z',
    ]);
  });

  it('that the clocks show twice in autumn come the first time only', () => {
    expect(between('day 2:30', 'Europe/Berlin', '2026-10-24T00:00Z', '2026-10-27T00:00Z')).toEqual([
      '2026-10-24T00:30Z',
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
    expect(between('day 1:30', 'America/New_York', '2026-10-31T00:00Z', '2026-11-03T00:00Z')).toEqual([
      '2026-10-31T05:30Z',
      '2026-11-01T05:30Z',
      '2026-11-02T06:30Z',
    ]);
    // 02:00 becomes 01:30 on 5 April 2026.
    expect(between('day 1:45', 'Australia/Lord_Howe', '2026-04-03T00:00Z', '2026-04-06T00:00Z')).toEqual([
      '2026-04-03T14:45Z',
      '2026-04-04T14:45Z',
      '2026-04-05T15:15Z',
    ]);
  });

  it('each hour come 23 times on the day that has 23 hours, and 24 times on the one that has 25', () => {
    const count = (from: string, to: string) => between('1h', 'Europe/Berlin', from, to).length;
    expect(count('2026-03-28T23:00Z', '2026-03-29T22:00Z')).toBe(23);
    expect(count('2026-10-24T22:00Z', '2026-10-25T23:00Z')).toBe(24);
  });

  it('come once for each time of the clock on each day of a year, in every zone', () => {
    for (const tz of ZONES) {
      for (const text of ['day 2:30', 'day 0:00', 'day 23:59']) {
        const from = Date.parse('2026-01-01T12:00Z');
        const slots = slotsBetween(when(text), tz, from, from + 365 * DAY, 1_000);
        expect(slots, `${text} ${tz}`).toHaveLength(365);
        const days = slots.map(slot => Math.floor(wallAt(tz, slot) / DAY));
        expect(new Set(days).size, `${text} ${tz}`).toBe(365);
      }
    }
  });

  it('before and after a moment are neighbours, whichever it is', () => {
    const texts = ['weekday 9:00', 'day 2:30', 'sunday 2:15', '4h', '30m', '1h'];
    const moment = fc.integer({ min: Date.parse('2026-01-01T00:00Z'), max: Date.parse('2028-01-01T00:00Z') });
    const property = fc.property(fc.constantFrom(...texts), fc.constantFrom(...ZONES), moment, (text, tz, now) => {
      const last = lastSlot(when(text), tz, now)!;
      const next = nextSlot(when(text), tz, now)!;
      expect(last).toBeLessThanOrEqual(now);
      expect(next).toBeGreaterThan(now);
      expect(nextSlot(when(text), tz, last)).toBe(next);
      expect(lastSlot(when(text), tz, next)).toBe(next);
      expect(lastSlot(when(text), tz, next - 1)).toBe(last);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
