/** The MeshChanges of one namespace. */
import type { MeshChange, NewMeshChange } from '../change/meshchange.ts';
import type { ChangeStore } from '../ports.ts';
import { MESH_CHANGES } from './paths.ts';
import { KubeRecords, newestFirst, type RecordsOptions } from './records.ts';

export class KubeChanges extends KubeRecords<MeshChange> implements ChangeStore {
  constructor(options: RecordsOptions) {
    super(MESH_CHANGES, options, latestFirst);
  }

  override create(change: NewMeshChange): Promise<MeshChange> {
    return super.create(change);
  }
}

/** Creation times are whole seconds; within one, the first entry of the history decides. */
function latestFirst(a: MeshChange, b: MeshChange): number {
  const isSame = a.metadata.creationTimestamp === b.metadata.creationTimestamp;
  const began = (b.status?.history?.[0]?.at ?? 0) - (a.status?.history?.[0]?.at ?? 0);
  return isSame && began !== 0 ? began : newestFirst(a, b);
}
