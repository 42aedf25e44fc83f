/** What makes a request leave a trace that can be found again: an id of its own, in every format that proxies read. */

/**
 * `traceId`: 32 hex digits; `spanId`: 16. B3 for Zipkin's tracer and W3C for OpenTelemetry's, both saying that it is
 * sampled whatever the mesh's own rate is (Istio, "Trace context propagation").
 */
export function tracedHeaders(traceId: string, spanId: string): Record<string, string> {
  const at = (from: number, length: number) => traceId.slice(from, from + length);
  return {
    'x-b3-traceid': traceId,
    'x-b3-spanid': spanId,
    'x-b3-sampled': '1',
    traceparent: `00-${traceId}-${spanId}-01`,
    'x-request-id': `${at(0, 8)}-${at(8, 4)}-4${at(13, 3)}-a${at(17, 3)}-${at(20, 12)}`,
  };
}
