/** A MeshFreeze: a namespace, or one service of it, that shall not be changed for a while. A custom resource. */
import type { ObjectMeta } from '../object.ts';

export interface MeshFreezeSpec {
  namespace: string;
  /** Fully qualified host of the one service that is meant; absent: everything in the namespace. */
  host?: string;
  /** RFC 3339; absent: until somebody lifts it. */
  until?: string;
  reason?: string;
  /** Who froze it. */
  by: { team: string; user: string };
  /** Where it was asked for. */
  origin?: { channel: string; thread?: string };
}

export interface MeshFreezeStatus {
  /** One sentence for people. */
  message?: string;
}

export interface MeshFreeze {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: MeshFreezeSpec;
  status?: MeshFreezeStatus;
}
