/** One meshbot as `src/start/bot.ts` puts it together, over wires that may kill it; only its proofs are made up. */
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '../../../../src/change/meshchange.ts';
import type { Policy } from '../../../../src/change/policy.ts';
import { type Reconciler, startReconciler } from '../../../../src/change/reconciler.ts';
import { valuesOf } from '../../../../src/command.ts';
import { Courtesy } from '../../../../src/desk/courtesy.ts';
import { createDesk } from '../../../../src/desk/desk.ts';
import { KubeChanges } from '../../../../src/kubernetes/changes.ts';
import { KubeClient } from '../../../../src/kubernetes/client.ts';
import { KubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { type Credentials, PooledConfig } from '../../../../src/kubernetes/config.ts';
import { HEALTH_SCHEDULES, MESH_FREEZES } from '../../../../src/kubernetes/paths.ts';
import { KubeRecords } from '../../../../src/kubernetes/records.ts';
import { WatchedWorld } from '../../../../src/kubernetes/world.ts';
import type { Clock, Log, Metrics, Random } from '../../../../src/ports.ts';
import type { HealthSchedule } from '../../../../src/records/health-schedule.ts';
import type { MeshFreeze } from '../../../../src/records/mesh-freeze.ts';
import { loadCommands } from '../../../../src/registry.ts';
import { createSlack, type SlackConnection } from '../../../../src/slack/slack.ts';
import { loadTemplates } from '../../../../src/template/load.ts';
import { prover } from '../plans.ts';
import type { Simulation } from '../simulation.ts';
import { fetchOver, WireDispatcher } from './clients.ts';
import type { Gauge } from './gauge.ts';
import { type Weather, Wire } from './wire.ts';

export interface Surroundings {
  sim: Simulation;
  weather(): Weather;
  kubernetes: RequestListener;
  slack: { handle: RequestListener; apiUrl: string; botToken: string; signingSecret: string };
  /** Of the changes, and of the mesh. */
  namespaces: { own: string; mesh: string };
  policy(): Policy;
  /** Prometheus. */
  gauge: Gauge;
  /** A command or click was answered with why it is not taken. */
  refused(delivery: string): void;
  killed(bot: Meshbot): void;
}

/** What the cluster does not know is not asked for again. ms. */
const RARELY = { missing: 86_400_000 };
const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} };
const TEMPLATES = fileURLToPath(new URL('../../../../templates/', import.meta.url));
const registry = await loadCommands();
const templates = loadTemplates([TEMPLATES]);

class WiredConfig extends PooledConfig {
  readonly #credentials: Credentials;

  constructor(wire: Wire, handler: RequestListener) {
    super();
    this.loadFromClusterAndUser({ name: 'c', server: 'http://kubernetes.invalid', skipTLSVerify: true }, { name: 'u' });
    const requests = new WireDispatcher(wire, handler, false);
    this.#credentials = { headers: {}, requests, streams: new WireDispatcher(wire, handler, true) };
  }

  override async credentials(): Promise<Credentials> {
    return this.#credentials;
  }
}

export class Meshbot {
  readonly name: string;
  readonly wire: Wire;
  /** Takes Slack's requests; undefined until it has started, and once it stops. */
  handle: RequestListener | undefined;
  readonly #around: Surroundings;
  readonly #clock: Clock;
  readonly #random: Random;
  #stop: (() => Promise<void>) | undefined;

  constructor(around: Surroundings, name: string) {
    this.name = name;
    this.#around = around;
    const { sim } = around;
    this.wire = new Wire(sim, around.weather, () => around.killed(this));
    this.#clock = this.wire.clock(Math.round(sim.dice.between(-60_000, 60_000)));
    this.#random = { hex: bytes => sim.dice.hex(bytes) };
  }

  /** Rejects as the program's start does: where Slack cannot be asked who we are. */
  async start(): Promise<void> {
    const { kubernetes, namespaces, policy } = this.#around;
    const [clock, random, log] = [this.#clock, this.#random, QUIET];
    const slack = await this.#slack();
    const client = new KubeClient(new WiredConfig(this.wire, kubernetes), { clock });
    const watched = new WatchedWorld({ client, clock, random, log, namespaces: [namespaces.mesh], timing: RARELY });
    const records = { client, clock, random, log, namespace: namespaces.own };
    const store = new KubeChanges(records);
    const schedules = new KubeRecords<HealthSchedule>(HEALTH_SCHEDULES, records);
    const freezes = new KubeRecords<MeshFreeze>(MESH_FREEZES, records);
    const watches = [watched, store];
    for (const watch of watches) watch.start();
    await Promise.all(watches.map(watch => watch.synced()));

    const cluster = new KubeCluster(client, watched);
    const planning = { templates, namespace: namespaces.mesh, probes: {} };
    const courtesy = new Courtesy(clock);
    const { chat, identity } = slack;
    const reconciler: Reconciler = startReconciler({
      courtesy: () => courtesy.after(),
      ...{ store, cluster, chat, policy, clock, random, log },
      planner(change, world) {
        const command = registry.get(change.spec.verb);
        if (command?.kind !== 'change') throw new Error(`no verb ${change.spec.verb}`);
        return command.plan(valuesOf(argumentsOf(change)), { ...planning, world, changes: store.list() });
      },
      prover: change => {
        const { sim } = this.#around;
        return this.wire.work(sim.dice.between(500, 12_000), () => prover(change, sim));
      },
      metrics: this.#metrics(),
      holder: this.name,
      home: identity.team,
    });
    const desk = createDesk({
      ...{ commands: registry.commands, cluster, store, schedules, freezes, chat, policy, clock, random, log },
      ...planning,
      ...NO_SENSES,
      courtesy,
      own: namespaces.own,
      home: identity.team,
      command: '/mesh',
    });
    slack.listen({
      ...desk,
      ask: asked =>
        this.#noting(
          asked.delivery,
          () => desk.ask(asked),
          ({ kind }) => kind === 'recorded',
        ),
      click: click =>
        this.#noting(
          click.delivery,
          () => desk.click(click),
          why => why === undefined,
        ),
    });
    await slack.start();
    this.handle = slack.handle;
    this.#stop = async () => {
      await slack.stop();
      await reconciler.stop();
      await Promise.all(watches.map(watch => watch.stop()));
    };
  }

  /** Asked every second where something goes by steps: to be killed by each of them were too much. */
  #metrics(): Metrics {
    const { sim, gauge } = this.#around;
    return {
      rateByVersion: async () => undefined,
      behaviourByVersion: async () => {
        await this.#clock.sleep(sim.dice.between(5, 300));
        return gauge.answer();
      },
    };
  }

  /** As on SIGTERM: finishes and lets go. */
  async stop(): Promise<void> {
    this.handle = undefined;
    await this.#stop?.();
    this.wire.kill();
  }

  /** What is not taken, or could not be, is answered with why. */
  async #noting<T>(delivery: string, take: () => Promise<T>, isTaken: (answer: T) => boolean): Promise<T> {
    let taken = false;
    try {
      const answer = await take();
      taken = isTaken(answer);
      return answer;
    } finally {
      if (!taken) this.#around.refused(delivery);
    }
  }

  #slack(): Promise<SlackConnection> {
    const { handle, apiUrl, botToken, signingSecret } = this.#around.slack;
    const over = fetchOver(this.wire, () => handle);
    return createSlack({
      credentials: { kind: 'http', botToken, signingSecret },
      apiUrl,
      teams: [],
      clock: this.#clock,
      log: QUIET,
      // The wire has a patience of its own, in the replica's time.
      fetch: (input, init) => over(input, { ...init, signal: null }),
    });
  }
}

/** Nothing of what a question would need. */
const NO_SENSES = {
  probe: { send: () => Promise.reject(new Error('nothing is probed here')) },
  traces: { find: async () => undefined, link: () => undefined },
  metrics: { rateByVersion: async () => undefined },
};
