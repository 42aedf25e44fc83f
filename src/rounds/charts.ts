/** Two small charts: who fails, and who is slow, now and a week ago. Pure. */
import { shortHost } from '../istio/hosts.ts';
import type { Behaviour } from '../ports.ts';
import type { Part } from '../view.ts';
import type { Report } from './look.ts';
import { type Behaviours, NOWHERE } from './pace.ts';

/** Services of one chart: what is wrong first, then what is asked most. */
const MOST = 8;

type Measure = 'errors' | 'p95';

export function chartsOf({ pace, problems }: Report, reader: string): Part[] {
  if (typeof pace === 'string') return [];
  const hosts = Object.entries(pace.now)
    .filter(([host, { rate }]) => rate > 0 && host !== NOWHERE)
    .sort(([a, left], [b, right]) => rank(b) - rank(a) || right.rate - left.rate)
    .map(([host]) => host)
    .slice(0, MOST);
  function rank(host: string): number {
    return problems.some(({ key }) => key.endsWith(` ${host}`)) ? 1 : 0;
  }
  if (hosts.length === 0) return [];
  const failing = chart('Answered with 5xx', '%', 'errors', 100);
  const slow = chart('95 % are answered within', 'ms', 'p95', 1);
  const isKnown = hosts.some(host => pace.before[host] !== undefined);
  const unknown: Part[] = isKnown
    ? []
    : [{ kind: 'note', text: 'Prometheus has nothing of a week ago to compare with.' }];
  return [...failing, ...slow, ...(failing.length + slow.length > 0 ? unknown : [])];

  /** Nobody needs a chart of noughts. Services of which only one of the two times is known have no bar for the other. */
  function chart(title: string, unit: string, measure: Measure, scale: number): Part[] {
    const { now, before } = pace as Exclude<typeof pace, string>;
    const both = hosts.filter(host => before[host]?.[measure] !== undefined && now[host]?.[measure] !== undefined);
    const shown = both.length > 0 ? both : hosts.filter(host => now[host]?.[measure] !== undefined);
    const bars = (of: Behaviours) =>
      shown.map(host => ({
        label: shortHost(host, reader),
        value: rounded((of[host] as Behaviour)[measure]! * scale),
      }));
    const series = [
      { name: 'now', bars: bars(now) },
      ...(both.length > 0 ? [{ name: 'a week ago', bars: bars(before) }] : []),
    ];
    if (series.every(each => each.bars.every(({ value }) => value === 0))) return [];
    return [{ kind: 'bars', title, unit, series }];
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
