/** What Prometheus says of the version that gets more requests, and what it said before. */
import type { Behaviour } from '../../../../src/ports.ts';
import type { Simulation } from '../simulation.ts';

export type Mood = 'good' | 'bad' | 'away';

const BEHAVIOUR = { rate: 20, p50: 10, p95: 40 };

export class Gauge {
  readonly #sim: Simulation;
  #mood: Mood = 'good';
  /** Until when it was good last, epoch ms. */
  #goodUntil = Number.POSITIVE_INFINITY;

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  be(mood: Mood): void {
    if (mood === 'good') this.#goodUntil = Number.POSITIVE_INFINITY;
    else if (this.#mood === 'good') this.#goodUntil = this.#sim.now;
    this.#mood = mood;
  }

  /** Whether it was good at some time of the last `ms`. */
  wasGood(ms: number): boolean {
    return this.#goodUntil >= this.#sim.now - ms;
  }

  /** Throws while it is away. */
  answer(): Record<string, Behaviour> {
    if (this.#mood === 'away') throw new Error('connect ECONNREFUSED');
    return { v1: { ...BEHAVIOUR, errors: 0 }, v3: { ...BEHAVIOUR, errors: this.#mood === 'bad' ? 0.3 : 0 } };
  }
}
