/** What the desk is put together from. */
import type { Policy } from '../change/policy.ts';
import type { ChangeStore } from '../change/store.ts';
import type { Command, PlanningContext } from '../command.ts';
import type { Certificates, Chat, Clock, Cluster, Log, Metrics, Probe, Random, RecordStore, Traces } from '../ports.ts';
import type { HealthSchedule } from '../records/health-schedule.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import type { Links } from '../rounds/links.ts';
import type { Templates } from '../template/templates.ts';
import type { Courtesy } from './courtesy.ts';

export interface DeskParts {
  commands: Command[];
  cluster: Cluster;
  store: ChangeStore;
  schedules: RecordStore<HealthSchedule>;
  freezes: RecordStore<MeshFreeze>;
  chat: Chat;
  probe: Probe;
  traces: Traces;
  metrics: Metrics;
  templates: Templates;
  probes: PlanningContext['probes'];
  certificates?: Certificates;
  /** Where people look further. */
  links?: Links;
  /** Where a service without a namespace is meant to be. */
  namespace: string;
  /** Where the MeshChanges are kept. */
  own: string;
  policy(): Policy;
  /** Team of the bot's own token. */
  home: string;
  /** '/mesh'. */
  command: string;
  courtesy: Courtesy;
  clock: Clock;
  random: Random;
  log: Log;
}
