/** A whole small world: API server, chat, replicas, and the people who ask and click. */
import { recordClick } from '../../../src/change/decide.ts';
import type { MeshChange } from '../../../src/change/meshchange.ts';
import { isEnd, statusOf } from '../../../src/change/phases.ts';
import type { Policy } from '../../../src/change/policy.ts';
import type { JsonObject } from '../../../src/object.ts';
import { type Click, ClusterError, type Posted } from '../../../src/ports.ts';
import type { MeshFreeze } from '../../../src/records/mesh-freeze.ts';
import { Api } from './api.ts';
import { routed, serviceRef } from './plans.ts';
import { type Faults, NO_FAULTS, Replica } from './replica.ts';
import { Simulation } from './simulation.ts';
import { Slack, TEAM } from './slack.ts';

export const POLICY: Policy = {
  teams: [],
  rules: [
    {
      ask: { users: [], groups: [], everyone: true },
      approve: { users: [], groups: ['SONCALL'], everyone: false },
      approvals: 1,
      own: false,
      expires: 600_000,
    },
  ],
};

export interface Clicked {
  /** Whether meshbot said that it has it: 'stored', or a sentence why not. */
  answer?: string;
}

export class Town {
  readonly sim: Simulation;
  readonly api: Api;
  readonly slack: Slack;
  readonly replicas: Replica[] = [];
  /** Names of changes that were acknowledged to the one who asked. */
  readonly acknowledged = new Set<string>();
  policy: Policy = POLICY;
  freezes: MeshFreeze[] = [];
  faults: Faults = NO_FAULTS;
  /** Virtual ms after which a killed replica's successor starts. */
  restart: () => number = () => 5_000;
  #births = 0;
  #deliveries = 0;

  constructor(seed: number, services: string[] = ['a', 'b']) {
    this.sim = new Simulation(seed);
    this.api = new Api(this.sim);
    this.slack = new Slack(this.sim);
    for (const name of services) this.api.put(serviceRef(name), routed(name, 0));
  }

  start(count: number): void {
    for (let index = 0; index < count; index++) this.#birth();
  }

  #birth(): void {
    const { sim, api, slack } = this;
    const shared = {
      sim,
      api,
      slack,
      policy: () => this.policy,
      freezes: () => this.freezes,
      faults: () => this.faults,
      killed: (replica: Replica) => {
        this.replicas.splice(this.replicas.indexOf(replica), 1);
        sim.after(this.restart(), () => this.#birth());
      },
    };
    this.replicas.push(new Replica(shared, `replica-${++this.#births}`));
  }

  /** What Slack does with a command: delivers it again, to whichever replica, until one acknowledges it. */
  ask(name: string, given: JsonObject, options: { verb?: string; undoes?: string; user?: string } = {}): void {
    const { verb = 'set', undoes, user = 'UASK' } = options;
    const spec: MeshChange['spec'] = {
      verb,
      arguments: given,
      text: `${verb} ${given.services} ${given.v3}`,
      requester: { team: TEAM, user },
      origin: { channel: 'CMESH' },
      ...(undoes !== undefined && { undoes }),
    };
    const deliver = (): void => {
      if (this.acknowledged.has(name)) return;
      this.sim.after(3_000, deliver);
      if (this.replicas.length === 0) return;
      const replica = this.sim.dice.pick(this.replicas);
      replica.store.create({ name, namespace: 'meshbot', spec }).then(
        () => this.acknowledged.add(name),
        error => {
          if (error instanceof ClusterError && error.kind === 'already-exists') this.acknowledged.add(name);
        },
      );
    };
    deliver();
  }

  /** A person clicks on a message; delivered again until some replica answers. */
  click(kind: Click['kind'], user: string, change: string, posted: Posted, extra: Partial<Click> = {}): Clicked {
    const click: Click = {
      delivery: `d${++this.#deliveries}`,
      kind,
      change,
      clicker: { team: TEAM, user },
      posted: { channel: posted.channel, ts: posted.ts },
      ...(kind === 'reject' && { reason: 'not tonight' }),
      ...extra,
    };
    const clicked: Clicked = {};
    const deliver = (): void => {
      if (clicked.answer !== undefined) return;
      this.sim.after(3_000, deliver);
      if (this.replicas.length === 0) return;
      const replica = this.sim.dice.pick(this.replicas);
      recordClick(replica.store, click, replica.clock).then(
        answer => {
          clicked.answer ??= answer ?? 'stored';
        },
        () => {},
      );
      // Slack may deliver it once more although it was acknowledged, or is about to be.
      if (this.sim.dice.chance(0.1)) {
        const other = this.sim.dice.pick(this.replicas);
        recordClick(other.store, click, other.clock).catch(() => {});
      }
    };
    deliver();
    return clicked;
  }

  phase(name: string): string {
    const change = this.api.changes.get(name);
    return change ? statusOf(change).phase : 'none';
  }

  change(name: string): MeshChange {
    return this.api.changes.get(name)!;
  }

  allEnded(): boolean {
    return [...this.api.changes.values()].every(change => isEnd(statusOf(change).phase));
  }

  card(name: string) {
    return this.slack.messages.findLast(
      each => !each.deleted && each.key.change === name && each.key.slot.startsWith('card'),
    );
  }

  /** Runs until `done`, for at most so many virtual seconds. */
  async until(done: () => boolean, seconds = 120): Promise<void> {
    await this.sim.run(seconds * 1000, done);
    if (!done()) throw new Error(`not done after ${seconds} virtual seconds: ${this.summary()}`);
  }

  async pass(seconds: number): Promise<void> {
    const until = this.sim.now + seconds * 1000;
    this.sim.after(seconds * 1000, () => {});
    await this.sim.run(seconds * 1000, () => this.sim.now >= until);
  }

  summary(): string {
    const lines = [...this.api.changes.values()].map(change => {
      const { phase, message, claim, history, messages } = statusOf(change);
      const way = history.map(entry => entry.phase).join(' → ');
      return `${change.metadata.name} ${phase} (${message ?? ''}) held by ${claim?.holder} ${way} ${JSON.stringify(messages)}`;
    });
    return lines.join('\n');
  }
}
