/** Spans in Zipkin's shape, the latest traces in memory. https://zipkin.io/zipkin-api/ */

export interface ZipkinSpan {
  traceId: string;
  id: string;
  parentId?: string;
  kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  name?: string;
  /** Epoch µs. */
  timestamp?: number;
  /** µs. */
  duration?: number;
  shared?: boolean;
  localEndpoint?: { serviceName?: string; ipv4?: string; port?: number };
  remoteEndpoint?: { serviceName?: string; ipv4?: string; port?: number };
  tags?: Record<string, string>;
}

export interface TraceQuery {
  serviceName?: string;
  spanName?: string;
  /** Epoch ms; now unless told. */
  endTs: number;
  /** ms. */
  lookback: number;
  limit: number;
  /** `key` or `key=value`, all of them. */
  annotations: string[];
  /** µs. */
  minDuration?: number;
}

export class SpanStore {
  readonly #traces = new Map<string, ZipkinSpan[]>();
  readonly #most: number;

  /** Keeps the `most` traces that began last. */
  constructor(most = 2000) {
    this.#most = most;
  }

  add(span: ZipkinSpan): void {
    const traceId = span.traceId.toLowerCase().padStart(32, '0');
    const spans = this.#traces.get(traceId);
    if (spans) spans.push({ ...span, traceId });
    else this.#traces.set(traceId, [{ ...span, traceId }]);
    if (this.#traces.size > this.#most) this.#traces.delete(this.#traces.keys().next().value!);
  }

  /** undefined: no span of it has come in. A 64-bit id finds the trace that it ends. */
  trace(id: string): ZipkinSpan[] | undefined {
    return this.#traces.get(id.toLowerCase().padStart(32, '0'));
  }

  /** Newest first. */
  find(query: TraceQuery): ZipkinSpan[][] {
    const from = (query.endTs - query.lookback) * 1000;
    const found: ZipkinSpan[][] = [];
    for (const spans of [...this.#traces.values()].reverse()) {
      if (found.length >= query.limit) break;
      const start = Math.min(...spans.map(span => span.timestamp ?? Number.POSITIVE_INFINITY));
      if (start < from || start > query.endTs * 1000) continue;
      if (spans.some(span => meets(span, query))) found.push(spans);
    }
    return found;
  }

  services(): string[] {
    return this.#names(span => span.localEndpoint?.serviceName);
  }

  spanNames(service: string): string[] {
    return this.#names(span => (span.localEndpoint?.serviceName === service ? span.name : undefined));
  }

  #names(of: (span: ZipkinSpan) => string | undefined): string[] {
    const names = [...this.#traces.values()].flat().map(of);
    return [...new Set(names.filter(name => name !== undefined))].sort();
  }
}

function meets(span: ZipkinSpan, query: TraceQuery): boolean {
  if (query.serviceName && span.localEndpoint?.serviceName !== query.serviceName) return false;
  if (query.spanName && span.name !== query.spanName) return false;
  if (query.minDuration !== undefined && (span.duration ?? 0) < query.minDuration) return false;
  return query.annotations.every(each => {
    const [key = '', value] = each.split('=');
    return span.tags?.[key] !== undefined && (value === undefined || span.tags[key] === value);
  });
}
