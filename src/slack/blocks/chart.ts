/**
 * Bars and lines as a chart (docs.slack.dev: data visualization block), or as text where a chart cannot hold them.
 * Every series of a chart has exactly one finite value for every category, in the categories' order.
 */
import type { Block } from '@slack/types';
import type { Part } from '../../view.ts';
import { type Canvas, type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { LIMITS } from './limits.ts';
import { cut, line } from './literal.ts';
import { valid } from './phrase.ts';
import { preformatted } from './preformatted.ts';

interface Series {
  name: string;
  values: { label: string; value: number }[];
}

/** Not among @slack/types' known blocks yet. */
interface ChartBlock extends Block {
  type: 'data_visualization';
  title: string;
  chart: {
    type: 'bar' | 'line';
    series: { name: string; data: { label: string; value: number }[] }[];
    axis_config: { categories: string[]; x_label?: string; y_label?: string };
  };
}

export function drawBars(part: Extract<Part, { kind: 'bars' }>, room: number, canvas: Canvas): Drawn {
  const series = part.series.map(({ name, bars }) => ({ name: line(name), values: bars.map(clean) }));
  return draw('bar', part, series, room, canvas);
}

export function drawLines(part: Extract<Part, { kind: 'lines' }>, room: number, canvas: Canvas): Drawn {
  const series = part.series.map(({ name, points }) => {
    const finite = thin(points.filter(point => valid(point.at)));
    const long = finite.length > 1 && finite.at(-1)!.at - finite[0]!.at < 20 * 60_000;
    return { name: line(name), values: finite.map(({ at, value }) => ({ label: clock(at, long), value })) };
  });
  return draw('line', part, series, room, canvas);
}

function clean(bar: { label: string; value: number }): { label: string; value: number } {
  return { label: line(bar.label), value: bar.value };
}

/** Time of day in UTC, which the axis says. */
function clock(at: number, seconds: boolean): string {
  return new Date(at).toISOString().slice(11, seconds ? 19 : 16);
}

/** At most as many points as a chart has categories, evenly taken, first and last among them. */
function thin<T>(points: T[]): T[] {
  const most = LIMITS.categories;
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, at) => points[Math.round((at * (points.length - 1)) / (most - 1))]!);
}

function draw(
  type: 'bar' | 'line',
  part: { title: string; unit: string },
  series: Series[],
  room: number,
  canvas: Canvas,
): Drawn {
  if (series.every(one => one.values.length === 0)) return NOTHING;
  const block = canvas.surface === 'message' && canvas.charts > 0 ? chart(type, part, series) : undefined;
  if (block !== undefined && size(block) <= room) {
    canvas.charts -= 1;
    return { blocks: [block] };
  }
  return asText(part, series, room);
}

function chart(type: 'bar' | 'line', part: { title: string; unit: string }, series: Series[]): ChartBlock | undefined {
  const categories = series[0]?.values.map(({ label }) => label) ?? [];
  const names = series.map(({ name }) => name);
  const holds =
    series.length <= LIMITS.series &&
    categories.length <= LIMITS.categories &&
    [categories, names].every(labels => unique(labels) && labels.every(fits)) &&
    series.every(
      ({ values }) =>
        values.length === categories.length &&
        values.every(({ label, value }, at) => label === categories[at] && Number.isFinite(value)),
    );
  if (!holds) return undefined;
  const unit = cut(line(part.unit), LIMITS.chartTitle);
  return {
    type: 'data_visualization',
    title: cut(line(part.title), LIMITS.chartTitle) || 'Chart',
    chart: {
      type,
      series: series.map(({ name, values }) => ({ name, data: values })),
      axis_config: {
        categories,
        ...(type === 'line' && { x_label: 'UTC' }),
        ...(unit !== '' && { y_label: unit }),
      },
    },
  };
}

function unique(labels: string[]): boolean {
  return new Set(labels).size === labels.length;
}

function fits(label: string): boolean {
  return label !== '' && label.length <= LIMITS.chartLabel;
}

const WIDTH = 20;

function asText(part: { title: string; unit: string }, series: Series[], room: number): Drawn {
  const flat = series.flatMap(({ name, values }) =>
    values.map(({ label, value }) => ({ label: cut(series.length > 1 ? `${name} ${label}` : label, 40), value })),
  );
  const top = Math.max(...flat.map(({ value }) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  const width = Math.max(...flat.map(({ label }) => label.length));
  const unit = cut(line(part.unit), 20);
  const lines = flat.map(({ label, value }) => {
    const share = Number.isFinite(value) && top > 0 ? Math.round((Math.abs(value) / top) * WIDTH) : 0;
    const bar = '█'.repeat(share).padEnd(WIDTH);
    return `${label.padEnd(width)}  ${bar}  ${number(value)} ${unit}`.trimEnd();
  });
  const title = cut(line(part.title), 100);
  const build = (count: number): string =>
    [
      ...(title === '' ? [] : [title]),
      ...lines.slice(0, count),
      ...(count < lines.length ? [`… and ${lines.length - count} more`] : []),
    ].join('\n');
  const count = largest(1, lines.length, n => size(preformatted(build(n))) <= room);
  return count === undefined ? NOTHING : { blocks: [preformatted(build(count))] };
}

function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'not known';
}
