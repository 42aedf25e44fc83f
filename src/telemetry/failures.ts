/** Which requests failed by a fault of the server, in PromQL: of HTTP by their 5xx, of gRPC by their status. */

/**
 * gRPC answers 200 whatever comes of it, so what counts is the status that means what a 5xx does: unknown, deadline
 * exceeded, unimplemented, internal, unavailable, data loss. Envoy's own replies to gRPC are 14, 12 and 2. Statuses that
 * are the caller's fault do not count, nor does resource exhausted, which is a 429.
 * https://grpc.io/docs/guides/status-codes/ and https://istio.io/latest/docs/reference/config/metrics/
 */
const GRPC_FAULTS = '2|4|12|13|14|15';

/** Series by series, each counted once: what is both is one series. `selector`: without braces. `range`: `[60s]`. */
export function failureRates(selector: string, range: string): string {
  const of = (matchers: string) => `rate(istio_requests_total{${selector},${matchers}}${range})`;
  return `${of('response_code=~"5.."')} or ${of(`request_protocol="grpc",grpc_response_status=~"${GRPC_FAULTS}"`)}`;
}
