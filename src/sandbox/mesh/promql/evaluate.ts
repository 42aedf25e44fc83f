/** What a query comes to at one second. https://prometheus.io/docs/prometheus/latest/querying/basics/ */

import type { Labels, Meter } from '../metrics/meter.ts';
import type { TimeSeries } from '../metrics/samples.ts';
import { timeSeries } from '../metrics/samples.ts';
import { quantiles, type Sample } from './quantile.ts';
import { extrapolated } from './rate.ts';
import type { Expression, Matcher, Selector } from './syntax.ts';
import { QueryError } from './syntax.ts';

export type Value = { type: 'scalar'; value: number } | { type: 'vector'; samples: Sample[] };

/** A range selector alone has a value at many seconds, and is answered only to `query`: see rangeOf. */
export function evaluate(meter: Meter, expression: Expression, second: number): Value {
  switch (expression.kind) {
    case 'number':
      return { type: 'scalar', value: expression.value };
    case 'selector':
      if (expression.range !== undefined)
        throw new QueryError('invalid expression type "range vector" for range query');
      return { type: 'vector', samples: instant(meter, expression, second) };
    case 'rate':
      return { type: 'vector', samples: rates(meter, expression.of, second, expression.function) };
    case 'sum':
      return { type: 'vector', samples: summed(vectorOf(meter, expression.of, second), expression.by) };
    case 'or':
      return {
        type: 'vector',
        samples: united(vectorOf(meter, expression.left, second), vectorOf(meter, expression.right, second)),
      };
    case 'quantile':
      return { type: 'vector', samples: quantiles(expression.q, vectorOf(meter, expression.of, second)) };
  }
}

/** Every sample of the range before `second`, by series. */
export function rangeOf(
  meter: Meter,
  selector: Selector,
  second: number,
): { labels: Labels; points: [number, number][] }[] {
  return selected(meter, selector).flatMap(series => {
    const points: [number, number][] = [];
    const first = Math.max(Math.floor(second - (selector.range ?? 0)) + 1, series.since);
    for (let at = first; at <= second; at += 1) points.push([at, series.at(at)]);
    return points.length > 0 ? [{ labels: { __name__: series.name, ...series.labels }, points }] : [];
  });
}

function vectorOf(meter: Meter, expression: Expression, second: number): Sample[] {
  const value = evaluate(meter, expression, second);
  if (value.type === 'scalar') {
    throw new QueryError('1:1: parse error: expected type instant vector in aggregation expression, got scalar');
  }
  return value.samples;
}

function instant(meter: Meter, selector: Selector, second: number): Sample[] {
  return selected(meter, selector)
    .filter(series => series.since <= second)
    .map(series => ({ labels: { __name__: series.name, ...series.labels }, value: series.at(Math.floor(second)) }));
}

function rates(meter: Meter, selector: Selector, second: number, name: 'rate' | 'increase'): Sample[] {
  const range = selector.range ?? 0;
  return selected(meter, selector).flatMap(series => {
    const increase = extrapolated(series, second, range);
    if (increase === undefined) return [];
    return [{ labels: series.labels, value: name === 'rate' ? increase / range : increase }];
  });
}

/** All of the left, and of the right what has other labels. The name is none of them. */
function united(left: Sample[], right: Sample[]): Sample[] {
  const keyOf = ({ labels: { __name__: _, ...labels } }: Sample) => JSON.stringify(Object.entries(labels).sort());
  const known = new Set(left.map(keyOf));
  return [...left, ...right.filter(sample => !known.has(keyOf(sample)))];
}

/** Labels that are empty count as absent, in Prometheus as here. */
function summed(samples: Sample[], by: string[]): Sample[] {
  const groups = new Map<string, Sample>();
  for (const { labels, value } of samples) {
    const kept = Object.fromEntries(by.flatMap(label => (labels[label] ? [[label, labels[label]]] : [])));
    const key = JSON.stringify(kept);
    const group = groups.get(key);
    if (group) group.value += value;
    else groups.set(key, { labels: kept, value });
  }
  return [...groups.values()];
}

function selected(meter: Meter, { metric, matchers }: Selector): TimeSeries[] {
  const tests = matchers.map(testOf);
  return timeSeries(meter, metric).filter(({ labels }) => tests.every(test => test(labels)));
}

function testOf({ label, operator, value }: Matcher): (labels: Labels) => boolean {
  if (operator === '=') return labels => (labels[label] ?? '') === value;
  if (operator === '!=') return labels => (labels[label] ?? '') !== value;
  const pattern = compiled(value);
  return labels => pattern.test(labels[label] ?? '') === (operator === '=~');
}

function compiled(value: string): RegExp {
  try {
    return new RegExp(`^(?:${value})$`);
  } catch (cause) {
    throw new QueryError(`1:1: parse error: error parsing regexp: ${value}`, { cause });
  }
}
