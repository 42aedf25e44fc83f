/** What a data_visualization block says, read from its JSON. Pure. Shapes from its page (docs.slack.dev). */
import type { JsonObject } from '../../../../object.ts';
import { asNumber, asObject, asObjects, asText, textOf } from '../json.ts';

export interface Series {
  name: string;
  /** One for each category; undefined where the app gave none. */
  values: (number | undefined)[];
}

export type Chart =
  | { kind: 'pie'; segments: { label: string; value: number }[] }
  | { kind: 'bar' | 'line' | 'area'; categories: string[]; series: Series[]; xLabel: string; yLabel: string };

/** undefined: no chart that this page knows. */
export function readChart(block: JsonObject): Chart | undefined {
  const chart = asObject(block.chart);
  if (!chart) return undefined;
  const type = asText(chart.type);
  if (type === 'pie') {
    const segments = asObjects(chart.segments)
      .map(segment => ({ label: textOf(segment.label), value: asNumber(segment.value) ?? 0 }))
      .filter(segment => segment.value > 0);
    return { kind: 'pie', segments };
  }
  if (type !== 'bar' && type !== 'line' && type !== 'area') return undefined;
  const axis = asObject(chart.axis_config) ?? {};
  const raw = asObjects(chart.series);
  const told = Array.isArray(axis.categories) ? axis.categories.map(asText) : [];
  const categories = told.length > 0 ? told : labelsOf(raw);
  return {
    kind: type,
    categories,
    series: raw.map(series => readSeries(series, categories)),
    xLabel: asText(axis.x_label),
    yLabel: asText(axis.y_label),
  };
}

function labelsOf(raw: JsonObject[]): string[] {
  return [...new Set(raw.flatMap(series => asObjects(series.data).map(point => asText(point.label))))];
}

function readSeries(series: JsonObject, categories: string[]): Series {
  const byLabel = new Map(asObjects(series.data).map(point => [asText(point.label), asNumber(point.value)]));
  return { name: asText(series.name), values: categories.map(category => byLabel.get(category)) };
}

/** The chart in one sentence, for those who cannot see it. */
export function describeChart(title: string, chart: Chart): string {
  if (chart.kind === 'pie') {
    const total = chart.segments.reduce((sum, segment) => sum + segment.value, 0);
    const parts = chart.segments.map(segment => `${segment.label} ${percentOf(segment.value, total)}`);
    return `${title}. Pie chart: ${parts.join(', ')}.`;
  }
  const names = chart.series.map(series => series.name).join(', ');
  return `${title}. ${chart.kind.charAt(0).toUpperCase()}${chart.kind.slice(1)} chart of ${names} over ${chart.categories.length} categories.`;
}

export function percentOf(value: number, total: number): string {
  if (total <= 0) return '0%';
  const percent = (value / total) * 100;
  return `${percent < 10 && !Number.isInteger(percent) ? percent.toFixed(1) : Math.round(percent)}%`;
}
