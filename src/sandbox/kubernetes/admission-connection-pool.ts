/** What istiod's webhook refuses of the connections that a DestinationRule or a Sidecar grants. */
import type { Json, JsonObject } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import { durationFault } from './admission-fields.ts';
import { durationMs } from './istio-rules.ts';
import { isObject } from './schema.ts';

const HTTP_COUNTS: [field: string, words: string][] = [
  ['http1MaxPendingRequests', 'http1 max pending requests'],
  ['http2MaxRequests', 'http2 max requests'],
  ['maxRequestsPerConnection', 'max requests per connection'],
  ['maxRetries', 'max retries'],
];

export function connectionPoolFaults(pool: Json | undefined): Faults {
  if (!isObject(pool)) return [];
  const { http, tcp } = pool;
  if (!isObject(http) && !isObject(tcp)) return ['connection pool must have at least one field'];
  return [...(isObject(http) ? httpFaults(http) : []), ...(isObject(tcp) ? tcpFaults(tcp) : [])];
}

function httpFaults(http: JsonObject): Faults {
  const faults: Faults = HTTP_COUNTS.map(([field, words]) => negativeFault(http[field], words));
  faults.push(durationFault(http.idleTimeout));
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true) {
    faults.push('use client protocol must not be true when H2UpgradePolicy is UPGRADE');
  }
  faults.push(negativeFault(http.maxConcurrentStreams, 'max concurrent streams'));
  if (!isObject(http.http2KeepAlive)) return faults;
  for (const field of ['interval', 'timeout']) {
    const given = http.http2KeepAlive[field];
    faults.push(given === undefined ? `http2 keepalive ${field} is required` : durationFault(given));
  }
  return faults;
}

function tcpFaults(tcp: JsonObject): Faults {
  const { tcpKeepalive } = tcp;
  return [
    negativeFault(tcp.maxConnections, 'max connections'),
    ...['connectTimeout', 'maxConnectionDuration'].map(field => durationFault(tcp[field])),
    idleFault(tcp.idleTimeout),
    ...(isObject(tcpKeepalive) ? ['time', 'interval'].map(field => durationFault(tcpKeepalive[field])) : []),
  ];
}

/** Of TCP alone 0s is taken, as never. */
function idleFault(timeout: Json | undefined): string | undefined {
  const ms = typeof timeout === 'string' ? Math.trunc(durationMs(timeout)) : 0;
  if (ms === 0) return undefined;
  return ms < 0 ? 'duration must be greater than 1ms' : durationFault(timeout);
}

function negativeFault(count: Json | undefined, words: string): string | undefined {
  return Number(count ?? 0) < 0 ? `${words} must be non-negative` : undefined;
}
