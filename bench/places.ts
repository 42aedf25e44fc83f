/** Where a bot that is measured finds everything. */
import type { ClusterAddress } from '../src/kubernetes/config.ts';

export interface Places {
  slack: { apiUrl: string; botToken: string; appToken: string };
  /** Address of the API server; or `cluster`. */
  kubernetes?: string;
  cluster?: ClusterAddress;
  /** Where changes are kept. */
  namespace: string;
  /** Address of a Prometheus, where one is asked. */
  prometheus?: string;
}

export function addressOf({ kubernetes, cluster }: Pick<Places, 'kubernetes' | 'cluster'>): ClusterAddress {
  return cluster ?? { kind: 'server', server: kubernetes ?? '' };
}
