/** One line of a proxy's access log, as manifests/istio.yaml has it formatted: what it says of a request. */

export interface Reported {
  side: 'source' | 'destination';
  /** Fully qualified name of the service asked for, or 'unknown'. */
  service: string;
  /** Addresses of the other pod: where it was sent to, or where it came from. */
  peer?: string;
  /** Whether the request came over mutual TLS. Known to the receiving side. */
  mutualTls: boolean;
  status: number;
  /** '-' for none. */
  flags: string;
  /** ms. */
  took: number;
}

interface Line {
  response_code?: number;
  response_flags?: string | null;
  duration?: number | null;
  upstream_cluster?: string | null;
  upstream_host?: string | null;
  downstream_remote?: string | null;
  downstream_peer?: string | null;
  server_name?: string | null;
}

/** undefined: the line is about something else. */
export function reportedBy(text: string): Reported | undefined {
  const line = parsed(text);
  if (line?.response_code === undefined) return undefined;
  const outcome = { status: line.response_code, flags: line.response_flags || '-', took: line.duration ?? 0 };
  const [direction, , , host] = (line.upstream_cluster ?? '').split('|');
  if (direction === 'inbound') {
    return {
      ...outcome,
      side: 'destination',
      service: meantBy(line.server_name),
      mutualTls: Boolean(line.downstream_peer) && line.downstream_peer !== '-',
      ...(line.downstream_remote && { peer: line.downstream_remote }),
    };
  }
  const peer = /^(.+):\d+$/.exec(line.upstream_host ?? '')?.[1];
  const service = direction === 'outbound' && host ? host : 'unknown';
  return { ...outcome, side: 'source', service, mutualTls: false, ...(peer !== undefined && { peer }) };
}

/** `outbound_.9080_._.reviews.default.svc.cluster.local`: the name that Istio's proxies call each other by. */
function meantBy(serverName: string | null | undefined): string {
  return /^outbound_\.\d+_\.[^.]*_\.(.+)$/.exec(serverName ?? '')?.[1] ?? 'unknown';
}

function parsed(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
