/** A small API server in memory: objects and changes under one resourceVersion, compare-and-swap, and watches that lag. */
import type { MeshChange, NewMeshChange } from '../../../src/change/meshchange.ts';
import { API_VERSION, KIND } from '../../../src/change/meshchange.ts';
import { type KubeObject, type ObjectRef, refKey } from '../../../src/object.ts';
import { ClusterError, type Write, type Written } from '../../../src/ports.ts';
import { frozen, type Simulation } from './simulation.ts';

export interface Commit {
  write: Write;
  result: KubeObject | undefined;
}

export class Api {
  readonly sim: Simulation;
  readonly changes = new Map<string, MeshChange>();
  readonly objects = new Map<string, KubeObject>();
  /** Everything that replicas committed, in order. */
  readonly commits: Commit[] = [];
  statusWrites = 0;
  readonly #changeWatchers = new Set<(change: MeshChange) => void>();
  readonly #objectWatchers = new Set<(ref: ObjectRef, object: KubeObject | undefined) => void>();
  /** Refuses a write as an admission webhook would. */
  webhook: ((write: Write, dryRun: boolean) => string | undefined) | undefined;
  /** What an admission webhook makes of an object that is about to be written. */
  mutate: (object: KubeObject) => KubeObject = object => object;
  #version = 1000;
  #uid = 0;

  constructor(sim: Simulation) {
    this.sim = sim;
  }

  watchChanges(listener: (change: MeshChange) => void): () => void {
    this.#changeWatchers.add(listener);
    return () => this.#changeWatchers.delete(listener);
  }

  watchObjects(listener: (ref: ObjectRef, object: KubeObject | undefined) => void): () => void {
    this.#objectWatchers.add(listener);
    return () => this.#objectWatchers.delete(listener);
  }

  create({ name, namespace, spec }: NewMeshChange): MeshChange {
    if (this.changes.has(name)) throw new ClusterError('already-exists', `meshchanges "${name}" already exists`);
    const metadata = {
      name,
      namespace,
      uid: `c${++this.#uid}`,
      creationTimestamp: new Date(this.sim.now).toISOString(),
    };
    return this.#keep({ apiVersion: API_VERSION, kind: KIND, metadata, spec });
  }

  saveStatus(change: MeshChange): MeshChange {
    const known = this.changes.get(change.metadata.name);
    if (!known) throw new ClusterError('not-found', `meshchanges "${change.metadata.name}" not found`);
    if (known.metadata.resourceVersion !== change.metadata.resourceVersion) {
      throw new ClusterError('conflict', 'the object has been modified');
    }
    this.statusWrites++;
    return this.#keep({ ...known, ...(change.status && { status: change.status }) });
  }

  #keep(change: MeshChange): MeshChange {
    const copy = JSON.parse(JSON.stringify(change)) as MeshChange;
    copy.metadata.resourceVersion = String(++this.#version);
    this.changes.set(copy.metadata.name, frozen(copy));
    for (const watcher of this.#changeWatchers) watcher(copy);
    return copy;
  }

  check({ ref, before, after }: Write, dryRun: boolean): KubeObject | undefined {
    const found = this.objects.get(refKey(ref));
    const name = `${ref.kind} "${ref.name}"`;
    if (!before && found) throw new ClusterError('already-exists', `${name} already exists`);
    if (before && !found) throw new ClusterError('not-found', `${name} not found`);
    if (before && found && (found.metadata.uid !== before.metadata.uid || !sameVersion(found, before))) {
      throw new ClusterError('conflict', `${name}: the object has been modified`);
    }
    const refused = this.webhook?.({ ref, ...(before && { before }), ...(after && { after }) }, dryRun);
    if (refused) throw new ClusterError('invalid', refused);
    return found;
  }

  write(write: Write): Written {
    const found = this.check(write, false);
    const result = this.put(write.ref, write.after && this.mutate(write.after), found);
    this.commits.push({ write, result });
    return { object: result ?? found!, warnings: [] };
  }

  /** Also what outsiders do. */
  put(ref: ObjectRef, after: KubeObject | undefined, found = this.objects.get(refKey(ref))): KubeObject | undefined {
    const key = refKey(ref);
    let stored: KubeObject | undefined;
    if (after) {
      stored = JSON.parse(JSON.stringify(after)) as KubeObject;
      stored.metadata.uid = found?.metadata.uid ?? `o${++this.#uid}`;
      stored.metadata.resourceVersion = String(++this.#version);
      this.objects.set(key, frozen(stored));
    } else {
      this.#version++;
      this.objects.delete(key);
    }
    for (const watcher of this.#objectWatchers) watcher(ref, stored);
    return stored;
  }
}

function sameVersion(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.resourceVersion === b.metadata.resourceVersion;
}
