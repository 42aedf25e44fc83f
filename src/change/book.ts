/** The changes as one replica knows them, and the one way it revises them: compare-and-swap of a pure step. */
import { type Clock, ClusterError } from '../ports.ts';
import type { MeshChange } from './meshchange.ts';
import type { Refusal } from './refusal.ts';
import type { ChangeStore } from './store.ts';

/** Conflicts in a row after which a revision gives up and is tried again later. */
const TRIES = 10;

/** What a revision makes of the newest version; undefined or a refusal: there is nothing to do any more. */
export type Revision = (change: MeshChange) => MeshChange | Refusal | undefined;

interface Entry {
  change: MeshChange;
  /** When this resourceVersion was first seen here, by the local clock. */
  since: number;
}

export class Book {
  readonly #store: ChangeStore;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  /** One revision at a time per change, so that one replica never conflicts with itself. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(store: ChangeStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  latest(name: string): MeshChange | undefined {
    return this.#entries.get(name)?.change ?? this.#store.cached(name);
  }

  /** Those not yet forgotten: whose work is not over. */
  open(): MeshChange[] {
    return [...this.#entries.values()].map(entry => entry.change);
  }

  /** ms for which the change has not moved, as seen from here. */
  stoodStill(name: string): number {
    const entry = this.#entries.get(name);
    return entry ? this.#clock.now() - entry.since : 0;
  }

  /** Takes in a version, unless a newer one is known. */
  note(change: MeshChange): void {
    const known = this.#entries.get(change.metadata.name);
    if (known && !isNewer(change, known.change)) return;
    this.#entries.set(change.metadata.name, { change, since: this.#clock.now() });
  }

  /** Of what is over, the store's cache is memory enough. */
  forget(name: string): void {
    this.#entries.delete(name);
  }

  /**
   * Saves what `step` makes of the newest version, asking it again whenever somebody else was first.
   * undefined: the step no longer applies. Throws ClusterError where it is unknown whether it was saved.
   */
  async revise(name: string, step: Revision): Promise<MeshChange | undefined> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const turn = before.then(
      () => this.#revise(name, step),
      () => this.#revise(name, step),
    );
    this.#turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === turn) this.#turns.delete(name);
    }
  }

  async #revise(name: string, step: Revision): Promise<MeshChange | undefined> {
    let change = this.latest(name);
    for (let tries = 0; tries < TRIES && change; tries++) {
      const next = step(change);
      if (!next || 'refused' in next) return undefined;
      if (next === change) return change;
      try {
        const saved = await this.#store.saveStatus(next);
        this.note(saved);
        return saved;
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        if (error.kind !== 'conflict' && error.kind !== 'not-found') throw error;
      }
      change = await this.#store.read(name);
      change ? this.note(change) : this.forget(name);
    }
    if (!change) return undefined;
    throw new ClusterError('conflict', `change ${name} moved ${TRIES} times while it was revised`);
  }
}

/** Versions are compared as numbers, which is how API servers count; what cannot be compared is taken as newer. */
function isNewer(change: MeshChange, known: MeshChange): boolean {
  const [a, b] = [change.metadata.resourceVersion ?? '', known.metadata.resourceVersion ?? ''];
  if (a === b) return false;
  // Deleted and made again under the same name: the numbers still grow.
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? BigInt(a) > BigInt(b) : true;
}
