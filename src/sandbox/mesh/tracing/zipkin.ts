/** The part of Zipkin's HTTP API that is needed to read traces, and to send spans. https://zipkin.io/zipkin-api/ */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../ports.ts';
import { bodyOf, send, sendJson } from '../server.ts';
import type { SpanStore, TraceQuery, ZipkinSpan } from './store.ts';
import { tracePage } from './trace-page.ts';

/** False: the path is not Zipkin's. `/zipkin/api/v2` is the same as `/api/v2`. */
export async function serveZipkin(
  store: SpanStore,
  clock: Clock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://zipkin');
  const path = url.pathname.replace(/^\/zipkin(?=\/api\/)/, '');
  const shown = /^\/zipkin\/traces\/([0-9a-fA-F]{1,32})$/.exec(path)?.[1];
  if (shown !== undefined) {
    const spans = store.trace(shown);
    send(response, spans ? 200 : 404, 'text/html; charset=utf-8', tracePage(shown, spans));
    return true;
  }
  if (!path.startsWith('/api/v2/')) return false;
  const one = /^\/api\/v2\/trace\/([0-9a-fA-F]{1,32})$/.exec(path)?.[1];
  if (one !== undefined) {
    const spans = store.trace(one);
    if (spans) sendJson(response, 200, spans);
    else send(response, 404, 'text/plain', `${one} not found`);
  } else if (path === '/api/v2/traces') sendJson(response, 200, store.find(queryOf(url.searchParams, clock)));
  else if (path === '/api/v2/services') sendJson(response, 200, store.services());
  else if (path === '/api/v2/spans' && request.method === 'POST') await take(store, request, response);
  else if (path === '/api/v2/spans')
    sendJson(response, 200, store.spanNames(url.searchParams.get('serviceName') ?? ''));
  else send(response, 404, 'text/plain', 'not found');
  return true;
}

function queryOf(parameters: URLSearchParams, clock: Clock): TraceQuery {
  const numeric = (name: string, otherwise: number) => {
    const given = parameters.get(name);
    return given !== null && Number.isFinite(Number(given)) ? Number(given) : otherwise;
  };
  const endTs = numeric('endTs', clock.now());
  const least = parameters.get('minDuration');
  const serviceName = parameters.get('serviceName');
  const spanName = parameters.get('spanName');
  return {
    endTs,
    lookback: numeric('lookback', 24 * 3_600_000),
    limit: numeric('limit', 10),
    annotations: (parameters.get('annotationQuery') ?? '').split(' and ').filter(each => each !== ''),
    ...(serviceName ? { serviceName } : {}),
    ...(spanName ? { spanName } : {}),
    ...(least ? { minDuration: Number(least) } : {}),
  };
}

async function take(store: SpanStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const spans = read((await bodyOf(request)) ?? '');
  if (!spans) return send(response, 400, 'text/plain', 'Malformed reading List<Span> from json');
  for (const span of spans) store.add(span);
  response.writeHead(202).end();
}

function read(body: string): ZipkinSpan[] | undefined {
  try {
    const spans = JSON.parse(body) as ZipkinSpan[];
    const whole = (span: ZipkinSpan) => /^[0-9a-f]{16,32}$/i.test(span.traceId) && /^[0-9a-f]{1,16}$/i.test(span.id);
    return Array.isArray(spans) && spans.every(whole) ? spans : undefined;
  } catch {
    return undefined;
  }
}
