/** meshbot's own metrics, for Prometheus. No user, channel or object is ever a label: those are unbounded. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export class Meters {
  readonly registry = new Registry();
  readonly #ack = new Histogram({
    name: 'meshbot_slack_ack_seconds',
    help: 'From receiving an envelope to its acknowledgement.',
    labelNames: ['type'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3],
    registers: [this.registry],
  });
  readonly #transitions = new Counter({
    name: 'meshbot_changes_total',
    help: 'Changes that came into a phase.',
    labelNames: ['phase'],
    registers: [this.registry],
  });

  /** `seconds` between an envelope and its acknowledgement. */
  acknowledged(type: string, seconds: number): void {
    this.#ack.observe({ type }, seconds);
  }

  entered(phase: string): void {
    this.#transitions.inc({ phase });
  }

  /** Read when Prometheus asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `meshbot_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
