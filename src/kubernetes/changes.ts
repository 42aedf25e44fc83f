/** The MeshChanges of one namespace. */
import type { MeshChange, NewMeshChange, Phase } from '../change/meshchange.ts';
import type { ChangeStore } from '../change/store.ts';
import { refKey } from '../object.ts';
import type { Log } from '../ports.ts';
import { MESH_CHANGES } from './paths.ts';
import { KubeRecords, newestFirst, type RecordsOptions } from './records.ts';

/** Phases in which something is in the mesh that only the record leads on or back. */
const UNDER_WAY: ReadonlySet<Phase> = new Set<Phase>(['Applying', 'Progressing', 'Lasting', 'Reverting']);

export class KubeChanges extends KubeRecords<MeshChange> implements ChangeStore {
  readonly #log: Log;

  constructor(options: RecordsOptions) {
    super(MESH_CHANGES, options, latestFirst);
    this.#log = options.log;
  }

  override create(change: NewMeshChange): Promise<MeshChange> {
    return super.create(change);
  }

  /** Nobody else will ever hear of it: with the record, what was planned, and the way back, are gone. */
  protected override removed({ metadata, status }: MeshChange): void {
    const { phase, plan, written = [] } = status ?? {};
    // Not proven yet, it would have come to its time limit all the same.
    const isUnderWay = phase && (UNDER_WAY.has(phase) || (phase === 'Applied' && plan?.lasts !== undefined));
    if (!isUnderWay) return;
    const objects = written.map(({ ref }) => refKey(ref));
    this.#log.error(
      { change_id: metadata.name, phase, objects },
      'a change under way was deleted: what it wrote stays in the mesh as it is, and is neither led on nor taken back',
    );
  }
}

/** Creation times are whole seconds; within one, the first entry of the history decides. */
function latestFirst(a: MeshChange, b: MeshChange): number {
  const isSame = a.metadata.creationTimestamp === b.metadata.creationTimestamp;
  const began = (b.status?.history?.[0]?.at ?? 0) - (a.status?.history?.[0]?.at ?? 0);
  return isSame && began !== 0 ? began : newestFirst(a, b);
}
