/** Whether the ports of a namespace's pods are forwarded, by what was found when it was last tried. */
import type { Clock } from '../ports.ts';

/** ms for which it is not tried again, and for which a success counts. */
const FOR = 600_000;

export class Forwarding {
  readonly #clock: Clock;
  /** Namespace → until when (epoch ms) it is not tried; `refused`: the API server said so. */
  readonly #off = new Map<string, { until: number; refused: boolean }>();
  /** Namespace → when (epoch ms) a port was last forwarded there. */
  readonly #worked = new Map<string, number>();
  /** Namespace → a pod that failed since. */
  readonly #failed = new Map<string, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isOff(namespace: string): boolean {
    return this.#clock.now() < (this.#off.get(namespace)?.until ?? 0);
  }

  /** Whether it is off because the API server refuses it there. */
  isRefused(namespace: string): boolean {
    return this.isOff(namespace) && this.#off.get(namespace)?.refused === true;
  }

  /** It is tried again. */
  on(namespace: string): void {
    this.#off.delete(namespace);
    this.#failed.delete(namespace);
  }

  worked(namespace: string): void {
    this.on(namespace);
    this.#worked.set(namespace, this.#clock.now());
  }

  refused(namespace: string): void {
    this.#off.set(namespace, { until: this.#clock.now() + FOR, refused: true });
  }

  /**
   * One pod may be ill, and a node takes several with it; but where a second one fails too and none has answered for
   * long, it is the way to them: something in between that breaks such connections, a kubelet that forwards nothing.
   */
  failed(namespace: string, pod: string): void {
    const now = this.#clock.now();
    if (now < (this.#worked.get(namespace) ?? Number.NEGATIVE_INFINITY) + FOR) return;
    const other = this.#failed.get(namespace) ?? pod;
    this.#failed.set(namespace, other);
    if (other === pod || this.isOff(namespace)) return;
    this.#failed.delete(namespace);
    this.#off.set(namespace, { until: now + FOR, refused: false });
  }
}
