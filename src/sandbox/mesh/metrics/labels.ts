/** The labels of Istio's request metrics, as the proxy of either side reports them. */
import type { Answer } from '../proxy/messages.ts';
import type { Workload } from '../proxy/workload.ts';
import { principal } from '../proxy/workload.ts';
import type { Labels } from './meter.ts';

export interface Reported {
  reporter: 'source' | 'destination';
  /** Absent: a client without a proxy. */
  source?: Workload;
  /** Absent: no pod was reached. */
  destination?: Workload;
  /** Fully qualified, or 'unknown'. */
  service: string;
  answer: Answer;
  mutualTls: boolean;
}

export function labelsOf({ reporter, source, destination, service, answer, mutualTls }: Reported): Labels {
  const [name = 'unknown', namespace = 'unknown'] = service.endsWith('.svc.cluster.local')
    ? service.split('.')
    : [service, 'unknown'];
  const security = reporter === 'source' ? 'unknown' : mutualTls ? 'mutual_tls' : 'none';
  return {
    reporter,
    ...side('source', source, mutualTls),
    ...side('destination', destination, mutualTls),
    destination_service: service,
    destination_service_name: name,
    destination_service_namespace: namespace,
    request_protocol: 'http',
    response_code: String(answer.status),
    grpc_response_status: '',
    response_flags: answer.flags,
    connection_security_policy: security,
  };
}

function side(which: 'source' | 'destination', workload: Workload | undefined, mutualTls: boolean): Labels {
  const { name, namespace, app, version, labels } = workload ?? NOBODY;
  return {
    [`${which}_workload`]: name,
    [`${which}_workload_namespace`]: namespace,
    [`${which}_app`]: app,
    [`${which}_version`]: version,
    [`${which}_canonical_service`]: labels['service.istio.io/canonical-name'] ?? app,
    [`${which}_canonical_revision`]: labels['service.istio.io/canonical-revision'] ?? version,
    [`${which}_principal`]: workload && mutualTls ? principal(workload) : 'unknown',
    [`${which}_cluster`]: workload ? 'Kubernetes' : 'unknown',
  };
}

const NOBODY = { name: 'unknown', namespace: 'unknown', app: 'unknown', version: 'unknown', labels: {} as Labels };
