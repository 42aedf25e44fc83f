/** Where changes are kept. */
import type { MeshChange, NewMeshChange } from './meshchange.ts';

/** The MeshChanges of the cluster: the only store. Throws ClusterError. */
export interface ChangeStore {
  /** 'already-exists' when a change of that name is there: the same command was delivered twice. */
  create(change: NewMeshChange): Promise<MeshChange>;
  /** From the API server itself. */
  read(name: string): Promise<MeshChange | undefined>;
  /** Compare-and-swap of `/status` by `change.metadata.resourceVersion`; 'conflict' when somebody was first. */
  saveStatus(change: MeshChange): Promise<MeshChange>;
  /** From the watch's cache, newest first. */
  list(): MeshChange[];
  /** From the watch's cache. */
  cached(name: string): MeshChange | undefined;
  /** Called for each change that is there, comes or moves, until the returned function is called. */
  watch(listener: (change: MeshChange) => void): () => void;
}
