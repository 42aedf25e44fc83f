/** The part of Prometheus' HTTP API that dashboards and meshbot ask. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exposition } from '../metrics/exposition.ts';
import type { Meter } from '../metrics/meter.ts';
import { bodyOf, send, sendJson } from '../server.ts';
import { evaluate, rangeOf } from './evaluate.ts';
import { parse } from './parse.ts';
import type { Sample } from './quantile.ts';
import { QueryError } from './syntax.ts';

const MOST_POINTS = 11_000;

/** False: the path is not Prometheus'. */
export async function servePrometheus(
  meter: Meter,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://prometheus');
  if (url.pathname === '/metrics') {
    send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', exposition(meter));
    return true;
  }
  const answers = { '/api/v1/query': instant, '/api/v1/query_range': range }[url.pathname];
  if (!answers) return false;
  const parameters = new URLSearchParams(url.searchParams);
  if (request.method === 'POST') {
    for (const [name, value] of new URLSearchParams((await bodyOf(request)) ?? '')) parameters.set(name, value);
  }
  try {
    sendJson(response, 200, { status: 'success', data: answers(meter, parameters) });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    sendJson(response, 400, { status: 'error', errorType: 'bad_data', error: error.message });
  }
  return true;
}

function instant(meter: Meter, parameters: URLSearchParams): unknown {
  const expression = read(parameters);
  const second = moment(parameters, 'time') ?? meter.now();
  if (expression.kind === 'selector' && expression.range !== undefined) {
    const result = rangeOf(meter, expression, second);
    return {
      resultType: 'matrix',
      result: result.map(({ labels, points }) => ({ metric: labels, values: points.map(([at, v]) => [at, shown(v)]) })),
    };
  }
  const value = evaluate(meter, expression, second);
  if (value.type === 'scalar') return { resultType: 'scalar', result: [second, shown(value.value)] };
  const result = value.samples.map(sample => ({ metric: sample.labels, value: [second, shown(sample.value)] }));
  return { resultType: 'vector', result };
}

function range(meter: Meter, parameters: URLSearchParams): unknown {
  const expression = read(parameters);
  const start = needed(parameters, 'start');
  const end = needed(parameters, 'end');
  const step = stepOf(parameters.get('step') ?? '');
  if (end < start) throw invalid('end', 'end timestamp must not be before start time');
  if ((end - start) / step > MOST_POINTS) {
    throw new QueryError(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution',
    );
  }
  const series = new Map<string, { metric: Record<string, string>; values: [number, string][] }>();
  for (let second = start; second <= end; second += step) {
    const value = evaluate(meter, expression, second);
    const samples: Sample[] = value.type === 'scalar' ? [{ labels: {}, value: value.value }] : value.samples;
    for (const sample of samples) {
      const key = JSON.stringify(sample.labels);
      const one = series.get(key) ?? { metric: sample.labels, values: [] };
      one.values.push([second, shown(sample.value)]);
      series.set(key, one);
    }
  }
  return { resultType: 'matrix', result: [...series.values()] };
}

function read(parameters: URLSearchParams): ReturnType<typeof parse> {
  try {
    return parse(parameters.get('query') ?? '');
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw invalid('query', error.message);
  }
}

function invalid(name: string, why: string): QueryError {
  return new QueryError(`invalid parameter "${name}": ${why}`);
}

/** Epoch s, or RFC 3339. */
function moment(parameters: URLSearchParams, name: string): number | undefined {
  const given = parameters.get(name);
  if (given === null || given === '') return undefined;
  const second = Number.isFinite(Number(given)) ? Number(given) : Date.parse(given) / 1000;
  if (!Number.isFinite(second)) throw invalid(name, `cannot parse "${given}" to a valid timestamp`);
  return second;
}

function needed(parameters: URLSearchParams, name: string): number {
  const second = moment(parameters, name);
  if (second === undefined) throw invalid(name, 'cannot parse "" to a valid timestamp');
  return second;
}

function stepOf(given: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(given) ?? [];
  const step = Number(amount) * { ms: 0.001, s: 1, m: 60, h: 3600 }[unit ?? 's']!;
  if (!Number.isFinite(step)) throw invalid('step', `cannot parse "${given}" to a valid duration`);
  if (step <= 0) throw invalid('step', 'zero or negative query resolution step widths are not accepted');
  return step;
}

function shown(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
