/** meshbot's own metrics, for Prometheus. No user, channel or object is ever a label: those are unbounded. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 10, 30];

export class Meters {
  readonly registry = new Registry();
  readonly #envelopes = this.#counter('envelopes_total', 'Envelopes that Slack sent.', ['type']);
  readonly #ack = this.#histogram('slack_ack_seconds', 'From an envelope to its acknowledgement.', ['type']);
  readonly #requests = this.#histogram('k8s_request_seconds', 'Requests to the API server; code 0: no answer.', [
    'verb',
    'code',
  ]);
  readonly #changes = this.#counter('changes_total', 'Changes that came into a phase.', ['phase']);
  readonly #decisions = this.#counter('approvals_total', 'Clicks that were judged.', ['kind', 'result']);
  readonly #steps = this.#histogram('step_seconds', 'Steps of the reconciler.', ['step', 'result']);
  readonly #takeovers = this.#counter('takeovers_total', 'Changes taken over from another replica.', []);

  envelope(type: string): void {
    this.#envelopes.inc({ type });
  }

  /** `seconds` between an envelope and its acknowledgement. */
  acknowledged(type: string, seconds: number): void {
    this.#ack.observe({ type }, seconds);
  }

  requested(verb: string, code: number, seconds: number): void {
    this.#requests.observe({ verb, code: String(code) }, seconds);
  }

  entered(phase: string): void {
    this.#changes.inc({ phase });
  }

  decided(kind: string, result: string): void {
    this.#decisions.inc({ kind, result });
  }

  stepped(step: string, seconds: number, ok: boolean): void {
    this.#steps.observe({ step, result: ok ? 'ok' : 'failed' }, seconds);
  }

  tookOver(): void {
    this.#takeovers.inc();
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

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `meshbot_${name}`, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({ name: `meshbot_${name}`, help, labelNames, buckets: BUCKETS, registers: [this.registry] });
  }
}
