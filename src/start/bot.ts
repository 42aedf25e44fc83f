/** One replica of meshbot: puts its rooms together, starts them in order, stops them in reverse. */
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '../change/meshchange.ts';
import { startReconciler } from '../change/reconciler.ts';
import { kindsWritten, valuesOf } from '../command.ts';
import type { Configuration } from '../config/settings.ts';
import { Courtesy } from '../desk/courtesy.ts';
import { createDesk } from '../desk/desk.ts';
import { Meters } from '../health/metrics.ts';
import { type Health, serveHealth } from '../health/server.ts';
import { KubeChanges } from '../kubernetes/changes.ts';
import { connect } from '../kubernetes/client.ts';
import { KubeCluster } from '../kubernetes/cluster.ts';
import type { ClusterAddress } from '../kubernetes/config.ts';
import { HEALTH_SCHEDULES, MESH_FREEZES } from '../kubernetes/paths.ts';
import { KubeRecords } from '../kubernetes/records.ts';
import { WatchedWorld } from '../kubernetes/world.ts';
import type { Chat, Clock, Log, Random } from '../ports.ts';
import type { HealthSchedule } from '../records/health-schedule.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import { loadCommands } from '../registry.ts';
import type { SlackCredentials } from '../slack/slack.ts';
import { loadTemplates } from '../template/load.ts';
import { connectBoth } from './connecting.ts';
import { startNightly } from './nightly.ts';
import { observers } from './observers.ts';
import { startHealthPosts } from './rounds.ts';
import { sensesOf } from './senses.ts';

export interface BotOptions {
  configuration: Configuration;
  slack: { credentials: SlackCredentials; apiUrl?: string };
  cluster: ClusterAddress;
  /** Where /livez, /readyz and /metrics are. */
  health: { host: string; port: number };
  clock: Clock;
  random: Random;
  log: Log;
}

export interface Bot {
  health: Health;
  /** To say something that belongs to no change. */
  chat: Chat;
  /** Whether commands are heard and can be stored. */
  ready(): boolean;
  /** Takes no more commands, finishes what is under way, lets go of its claims. */
  stop(): Promise<void>;
}

/** ms. A quiet watch hears of the API server once a minute, by a bookmark. */
const STALE = 150_000;

const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Throws ConfigError with everything that is missing, each with its remedy. */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { configuration, clock, random, log } = options;
  const meters = new Meters();
  const seen = observers(meters);
  const registry = await loadCommands();
  const templates = loadTemplates([TEMPLATES, ...configuration.templates]);

  const client = connect(options.cluster, { clock, observe: seen.kubernetes });
  const { watch, namespace: own, services, root, keep } = configuration.cluster;
  const slack = await connectBoth(
    {
      ...options.slack,
      command: configuration.command,
      teams: configuration.policy.teams,
      clock,
      log,
      meter: seen.slack,
    },
    client,
    { watched: watch, own, probing: watch, written: kindsWritten(registry.commands) },
    log,
  );

  const watched = new WatchedWorld({ client, clock, random, log, namespaces: watch, rootNamespace: root });
  const records = { client, clock, random, log, namespace: own };
  const store = new KubeChanges(records);
  const schedules = new KubeRecords<HealthSchedule>(HEALTH_SCHEDULES, records);
  const freezes = new KubeRecords<MeshFreeze>(MESH_FREEZES, records);
  const watches = [watched, store, schedules, freezes];
  const cluster = new KubeCluster(client, watched);
  for (const watch of watches) watch.start();
  await Promise.all(watches.map(watch => watch.synced()));

  const isInside = options.cluster.kind === 'in-cluster';
  const senses = sensesOf({ configuration, client, world: watched.world, isInside, clock, random, log });
  const planning = { templates, namespace: services, probes: configuration.probes };
  const policy = () => configuration.policy;
  const courtesy = new Courtesy(clock);
  const holder = `${hostname()}-${process.pid}-${random.hex(3)}`;
  const reconciler = startReconciler({
    courtesy: () => courtesy.after(),
    ...{ store, cluster, chat: slack.chat, policy, clock, random, log },
    freezes: {
      list: () => freezes.list(),
      reader: services,
      get age() {
        return freezes.age;
      },
    },
    planner(change, world) {
      const command = registry.get(change.spec.verb);
      if (command?.kind !== 'change') {
        const message = `This version of meshbot does not know the verb ${change.spec.verb}.`;
        return { kind: 'refused', findings: [{ code: 'verb-unknown', severity: 'error', path: '', message }] };
      }
      return command.plan(valuesOf(argumentsOf(change)), { ...planning, world, changes: store.list() });
    },
    prover: senses.prove,
    held: senses.held,
    metrics: senses.metrics,
    holder,
    home: slack.identity.team,
    observer: seen.changes,
  });
  const nightly = startNightly({ changes: store, freezes }, keep, clock, log);
  const { links } = configuration;
  const healthPosts = startHealthPosts({
    ...{ schedules, cluster, changes: store, chat: slack.chat, random, log, holder, links },
    // So that no slot is early or late because a node's clock is wrong.
    clock: { now: () => client.now(), sleep: clock.sleep },
    metrics: senses.metrics,
    certificates: senses.certificates,
    freezes,
    namespace: services,
    courtesy: () => courtesy.after(),
  });
  const desk = createDesk({
    ...{
      commands: registry.commands,
      cluster,
      store,
      schedules,
      freezes,
      chat: slack.chat,
      policy,
      clock,
      random,
      log,
    },
    ...planning,
    ...senses,
    courtesy,
    links,
    own,
    home: slack.identity.team,
    command: configuration.command,
  });
  slack.listen(desk);
  await slack.start();

  const stale = (what: string, { age }: { age: number }) =>
    age < STALE ? true : `nothing was heard of ${what} for ${Math.round(age / 1000)} s`;
  const conditions = {
    slack: () => (slack.ready() ? true : 'no connection to Slack is open'),
    cluster: () => stale('the cluster', watched),
    // What is frozen is not known then, so nothing goes on.
    freezes: () => stale('freezes', freezes),
  };
  meters.gauge(
    'watch_age_seconds',
    'Since the oldest watch was in touch with the API server.',
    () => Math.max(watched.age, freezes.age) / 1000,
  );
  const health = await serveHealth(options.health, conditions, meters);
  return {
    health,
    chat: slack.chat,
    ready: () => Object.values(conditions).every(ask => ask() === true),
    async stop() {
      await slack.stop();
      await Promise.all([reconciler.stop(), nightly.stop(), healthPosts.stop()]);
      await Promise.all([...watches.map(watch => watch.stop()), health.close(), senses.close()]);
      await client.close();
    },
  };
}
