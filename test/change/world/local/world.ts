/** The local world of one schedule: the local Slack and the local Kubernetes API without sockets, in virtual time, and replicas. */
import type { Policy } from '../../../../src/change/policy.ts';
import type { JsonObject } from '../../../../src/object.ts';
import { meshbotManifests } from '../../../../src/sandbox/cluster.ts';
import { type KubernetesInMemory, newKubernetes } from '../../../../src/sandbox/kubernetes/in-memory.ts';
import { LENA, ON_CALL, RIKO } from '../../../../src/sandbox/slack/people.ts';
import { newWorkspace, type Workspace } from '../../../../src/sandbox/slack/workspace.ts';
import { SCOPES } from '../../../../src/slack/scopes.ts';
import { Simulation } from '../simulation.ts';
import { fetchOver } from './clients.ts';
import { exchange } from './exchange.ts';
import { Gauge } from './gauge.ts';
import { Ledger } from './ledger.ts';
import { meshOf } from './mesh.ts';
import { Meshbot } from './meshbot.ts';
import { Post } from './post.ts';
import { CALM, type Weather } from './wire.ts';

/** Bolt refuses requests that are older than the machine's own clock has it, and takes later ones. */
const START = Date.UTC(2100, 0, 5, 3, 0, 0);

const POLICY: Policy = {
  teams: [],
  rules: [
    {
      ask: { users: [], groups: [], everyone: true },
      approve: { users: [], groups: [ON_CALL.id], everyone: false },
      approvals: 1,
      own: false,
      expires: 600_000,
    },
  ],
};

/** One for all schedules, each in namespaces of its own: what a cluster has of definitions is dear to make. */
let present: Simulation | undefined;
const kubernetes: KubernetesInMemory = newKubernetes({
  clock: { now: () => present?.now ?? START, sleep: (ms, signal) => present?.sleep(ms, signal) ?? Promise.resolve() },
});
for (const object of meshbotManifests()) kubernetes.apply(object);
/** Kinds that are of no matter here: a cluster need not have them, and each costs every replica a list and a watch. */
for (const name of [
  'gateways.networking.istio.io',
  'serviceentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'authorizationpolicies.security.istio.io',
  'peerauthentications.security.istio.io',
]) {
  kubernetes.delete({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', namespace: '', name });
}
kubernetes.requests.record(false);

export class LocalWorld {
  readonly sim: Simulation;
  readonly kubernetes = kubernetes;
  readonly slack: Workspace;
  readonly namespaces: { own: string; mesh: string };
  /** What was written, judged as it was. */
  readonly ledger: Ledger;
  /** What Slack brought to meshbot, and what it got for an answer. */
  readonly post: Post;
  /** Deliveries of commands and clicks that meshbot said it would not take. */
  readonly refused = new Set<string>();
  /** Changes of which somebody deleted a card. */
  readonly lost = new Set<string>();
  /** Prometheus. */
  readonly gauge: Gauge;
  /** People who have not been heard yet. */
  asking = 0;
  readonly bots: Meshbot[] = [];
  policy: Policy = POLICY;
  weather: Weather = CALM;
  /** Whether things go wrong now. */
  troubled = false;
  /** Virtual ms after which a killed replica's successor starts. */
  restart: () => number = () => 5_000;
  #births = 0;
  #over = false;

  constructor(seed: number) {
    const sim = new Simulation(seed, START);
    this.sim = sim;
    this.gauge = new Gauge(sim);
    present = sim;
    this.namespaces = { own: `bot-${seed}`, mesh: `mesh-${seed}` };
    kubernetes.faults.clear();
    for (const name of Object.values(this.namespaces)) {
      kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    for (const object of meshOf(this.namespaces.mesh)) kubernetes.apply(object);
    this.post = new Post();
    this.slack = newWorkspace({
      url: 'http://127.0.0.1/',
      clock: { now: () => sim.now, sleep: (ms, signal) => sim.sleep(ms, signal) },
      events: { url: 'http://meshbot.invalid/slack/events' },
      scopes: SCOPES,
      fetch: this.post.carried((input, init) => this.#deliver(input, init)),
    });
    // So that what is asked of the group alone would let them approve.
    this.slack.world.group(ON_CALL.id)?.users.push(RIKO.id, LENA.id);
    this.ledger = new Ledger(this);
  }

  start(count: number): void {
    for (let index = 0; index < count; index++) this.#birth();
  }

  /** One call of Slack's Web API past all wires, for those who look from outside. */
  api(method: string, given: Record<string, string>): Promise<JsonObject> {
    const headers = {
      host: '127.0.0.1',
      authorization: `Bearer ${this.slack.botToken}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const body = new URLSearchParams(given).toString();
    return new Promise((resolve, reject) => {
      let text = '';
      exchange(
        this.slack.handle,
        { method: 'POST', url: `/api/${method}`, headers, body },
        {
          head: () => {},
          data: chunk => {
            text += chunk;
          },
          end: () => resolve(JSON.parse(text) as JsonObject),
          broken: () => reject(new Error(`${method} was cut`)),
        },
      );
    });
  }

  /** Whether people still come and go. */
  get open(): boolean {
    return !this.#over;
  }

  /** Ends all that still runs. */
  async close(): Promise<void> {
    this.#over = true;
    for (const bot of [...this.bots]) bot.wire.kill();
    this.ledger.close();
    kubernetes.faults.clear();
    // What schedules leave behind would be carried along by each that comes after them.
    for (const name of Object.values(this.namespaces)) {
      kubernetes.delete({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name });
    }
    kubernetes.faults.compact();
    await this.slack.close();
  }

  /** As a service in front of them would, any that is ready. */
  async #deliver(input: Parameters<typeof fetch>[0], init: Parameters<typeof fetch>[1]): Promise<Response> {
    const ready = this.bots.filter(bot => bot.handle);
    if (ready.length === 0) throw new TypeError('fetch failed');
    const bot = this.sim.dice.pick(ready);
    return fetchOver(bot.wire, () => bot.handle)(input, init);
  }

  #birth(): void {
    if (this.#over) return;
    const { sim, slack, namespaces } = this;
    const bot = new Meshbot(
      {
        sim,
        slack,
        namespaces,
        kubernetes: kubernetes.handle,
        policy: () => this.policy,
        gauge: this.gauge,
        // Whoever dies in the cradle does nothing that could go wrong.
        weather: () => (bot.handle ? this.weather : { ...this.weather, kill: this.weather.kill / 10 }),
        refused: id => this.refused.add(id),
        killed: () => {
          this.bots.splice(this.bots.indexOf(bot), 1);
          sim.after(this.restart(), () => this.#birth());
        },
      },
      `replica-${++this.#births}`,
    );
    this.bots.push(bot);
    // A program that could not start ends, and is started again.
    bot.start().catch(() => bot.wire.kill());
  }
}
