/** The span that a proxy reports of one request, with the tags that Istio's proxies put on it. */
import type { Answer, Inbound } from '../proxy/messages.ts';
import type { Workload } from '../proxy/workload.ts';
import { nodeId } from '../proxy/workload.ts';
import type { TraceContext } from './context.ts';
import type { ZipkinSpan } from './store.ts';

export interface Seen {
  workload: Workload;
  side: 'CLIENT' | 'SERVER';
  context: TraceContext;
  request: Inbound;
  answer: Answer;
  /** `outbound|9080|v1|reviews.default.svc.cluster.local` or `inbound|9080||`. */
  cluster: string;
  /** `reviews.default.svc.cluster.local:9080/*`. */
  operation: string;
  peer: string;
  /** Epoch ms. */
  start: number;
  end: number;
}

export function spanOf(seen: Seen): ZipkinSpan {
  const { workload, context, request, answer } = seen;
  const service = workload.labels['service.istio.io/canonical-name'] ?? workload.app;
  return {
    traceId: context.traceId,
    id: context.spanId,
    ...(context.parentId === undefined ? {} : { parentId: context.parentId }),
    kind: seen.side,
    name: seen.operation,
    timestamp: Math.round(seen.start * 1000),
    duration: Math.max(1, Math.round((seen.end - seen.start) * 1000)),
    localEndpoint: { serviceName: `${service}.${workload.namespace}`, ipv4: workload.address },
    tags: {
      component: 'proxy',
      node_id: nodeId(workload),
      'istio.mesh_id': 'cluster.local',
      'istio.cluster_id': 'Kubernetes',
      'istio.namespace': workload.namespace,
      'istio.canonical_service': service,
      'istio.canonical_revision': workload.labels['service.istio.io/canonical-revision'] ?? workload.version,
      'guid:x-request-id': request.headers['x-request-id'] ?? '',
      'http.method': request.method,
      'http.url': `${request.scheme}://${request.host}${request.path}`,
      'http.protocol': 'HTTP/1.1',
      'http.status_code': String(answer.status),
      'peer.address': seen.peer,
      request_size: String(request.body.length),
      response_flags: answer.flags,
      response_size: String(answer.body.length),
      upstream_cluster: seen.cluster,
      'upstream_cluster.name': `${seen.cluster};`,
      user_agent: request.headers['user-agent'] ?? '-',
      ...(answer.status >= 500 || answer.status === 0 ? { error: 'true' } : {}),
    },
  };
}
