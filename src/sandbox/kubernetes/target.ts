/** Where objects of one kind are. */
import type { Resource } from './resources.ts';

export interface Target {
  resource: Resource;
  version: string;
  /** '' for cluster-scoped resources. */
  namespace: string;
}
