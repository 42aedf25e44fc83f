/** Requests, errors and latency before the change and after it, as a picture, and the same in words. */
import type { Comparison } from '../picture/picture.ts';
import type { Behaviour } from '../ports.ts';
import type { Part } from '../view.ts';
import type { Doing } from './meshchange.ts';
import { percent, perSecond } from './phrases.ts';

type Measure = { title: string; of(behaviour: Behaviour): number | undefined; says(value: number): string };

const MEASURES: Measure[] = [
  { title: 'Requests per second', of: ({ rate }) => rate, says: value => `${perSecond(value)}/s` },
  { title: 'Answered with 5xx', of: ({ errors }) => errors && errors * 100, says: value => percent(value) },
  { title: 'Latency, 95 % within', of: ({ p95 }) => p95, says: value => milliseconds(value) },
];

/** More versions than that nobody compares. */
const MOST = 6;

/** undefined where nothing is known of one side. */
export function doingPart(before: Doing | undefined, after: Doing | undefined): Part | undefined {
  if (!before || !after) return undefined;
  const versions = [...new Set([...Object.keys(before.byVersion), ...Object.keys(after.byVersion)])]
    .filter(version => (before.byVersion[version]?.rate ?? 0) + (after.byVersion[version]?.rate ?? 0) > 0)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .slice(0, MOST);
  if (versions.length === 0) return undefined;
  const picture: Comparison = {
    kind: 'comparison',
    title: 'Before and after',
    before: `${span(before.window)} before`,
    after: `${span(after.window)} after`,
    panels: MEASURES.map(measure => ({
      title: measure.title,
      rows: versions.map(version => ({
        name: version === 'unknown' ? 'no pod' : version,
        ...sideOf('before', measure, before.byVersion[version]),
        ...sideOf('after', measure, after.byVersion[version]),
      })),
    })),
  };
  const words = picture.panels.map(({ title, rows }) => {
    const told = rows.map(({ name, before, after }) => `${name} ${before?.says ?? '–'} → ${after?.says ?? '–'}`);
    return `${title}: ${told.join(', ')}`;
  });
  const over = `${picture.before}, ${picture.after}`;
  return {
    kind: 'picture',
    title: 'Requests, errors and latency',
    alt: `By version, ${over}. ${words.join('. ')}.`,
    picture,
    otherwise: [over, ...words].join('\n'),
  };
}

/** Of a side that was measured, a version that is not in it had no requests, and so neither errors nor latency. */
function sideOf(side: 'before' | 'after', { of, says }: Measure, behaviour: Behaviour | undefined) {
  if (!behaviour || behaviour.rate === 0) return { [side]: { value: 0, says: 'no requests' } };
  const value = of(behaviour);
  return value === undefined ? {} : { [side]: { value, says: says(value) } };
}

function span(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.round(seconds)} s`;
}

function milliseconds(value: number): string {
  if (value >= 1_000) return `${(value / 1_000).toFixed(1)} s`;
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ms`;
}
