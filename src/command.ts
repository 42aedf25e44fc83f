/** What a command is. A verb is one file in `commands/`; its grammar, help, form and registry entry are made from this. */
import type { MeshChange } from './change/meshchange.ts';
import type { ChangeStore } from './change/store.ts';
import type { Parameters, Values } from './grammar/parameters.ts';
import type { World } from './istio/world.ts';
import type { Arguments, Planning } from './plan.ts';
import type {
  Asked,
  Certificates,
  Clock,
  Cluster,
  Metrics,
  Posted,
  Probe,
  ProbeSource,
  Random,
  RecordStore,
  Traces,
} from './ports.ts';
import type { HealthSchedule } from './records/health-schedule.ts';
import type { MeshFreeze } from './records/mesh-freeze.ts';
import type { Links } from './rounds/links.ts';
import type { Templates } from './template/templates.ts';
import type { Phrase, View } from './view.ts';

interface Described<P extends Parameters> {
  /** The word typed after `/mesh`, or the two words: `gateway off`. */
  verb: string;
  /** One line, in the imperative: 'Move part of a service's traffic to a version'. */
  summary: string;
  /** Positional arguments and flags, in order. The usage line is made from them. */
  parameters: P;
  /** Complete lines without `/mesh`; every one is run by a test. */
  examples: { line: string; says: string }[];
  /** Paragraphs for `/mesh help <verb>`. */
  notes?: string[];
}

/** What a plan may look at. Everything here is frozen for the length of one planning. */
export interface PlanningContext {
  world: World;
  templates: Templates;
  /** Where a service without a namespace is meant to be. */
  namespace: string;
  /** Probes that the configuration names, by fully qualified host. */
  probes: Record<string, { from: ProbeSource; url: string }>;
  /** Changes known to the cache, for `undo`. */
  changes: MeshChange[];
}

export interface ChangeCommand<P extends Parameters = Parameters> extends Described<P> {
  kind: 'change';
  /** Which argument names the change that this one takes back, where it takes one back. */
  takesBack?: string;
  /** Kinds of the objects that its plans write: rights are asked for these. None for one that only takes others back. */
  writes: readonly string[];
  /** Pure. Throws nothing for bad input: it refuses with a finding. */
  plan(values: Values<P>, context: PlanningContext): Planning;
  /**
   * What must be known when the command is given and cannot change after, as arguments: `undo` without an id fixes
   * which change it means. undefined: as they were given. A string is an answer to the person instead of a change.
   */
  settle?(
    values: Values<P>,
    context: PlanningContext & { asker: { team: string; user: string }; channel: string },
  ): Arguments | string | undefined;
}

/** What a query may use. Queries change nothing. */
export interface QueryContext extends PlanningContext {
  /** All verbs, for help. */
  commands: Command[];
  /** What people type before a verb; '/mesh' unless told. */
  slash?: string;
  cluster: Cluster;
  store: ChangeStore;
  probe: Probe;
  traces: Traces;
  metrics: Metrics;
  certificates?: Certificates;
  clock: Clock;
  random: Random;
  asker: { team: string; user: string };
  /** Where people look further, as configured. */
  links?: Links;
  /** The freezes in force. */
  frozen?: MeshFreeze[];
  /** Where a person can open a message of meshbot's; undefined: nobody knows. May be left out. */
  permalink?(posted: Posted): Promise<string | undefined>;
  /** Shows progress in place while the work goes on. */
  progress(view: View): Promise<void>;
}

export interface QueryCommand<P extends Parameters = Parameters> extends Described<P> {
  kind: 'query';
  answer(values: Values<P>, context: QueryContext): Promise<View>;
}

/** What a setting may use: all that a query may, and meshbot's own records. */
export interface SettingContext extends Omit<QueryContext, 'progress'> {
  schedules: RecordStore<HealthSchedule>;
  freezes: RecordStore<MeshFreeze>;
  /** `freeze-3f9a1c2b77`: a name for a record, the same for each delivery of the same line. */
  name: string;
  place: Asked['place'];
  /** Ids of the channels that the line names, by name without `#`. */
  channels: Record<string, string>;
  /** The asker's time zone, where the chat tells it. */
  zone(): Promise<string | undefined>;
  /** Who approves what is frozen, as people are told it; undefined: nobody, it waits. */
  override: Phrase | undefined;
  /** Why the asker may not lift somebody else's freeze, in a sentence; undefined: the policy's override lets them, or names nobody. */
  mayNotOverride(): Promise<string | undefined>;
  /** Why the asker may not ask for changes there, in a sentence; undefined: they may. That they may somewhere is sure. */
  refusal(about: { namespace: string }): Promise<string | undefined>;
}

export type SettingOutcome =
  /** It is stored: told to everybody where it was asked for. */
  | { kind: 'done'; view: View }
  /** Nothing was stored: one sentence and the next step, to the asker alone. */
  | { kind: 'refused'; says: Phrase }
  /** The line was a question after all: answered as one. */
  | { kind: 'question'; answer(context: QueryContext): Promise<View> };

/**
 * Changes meshbot's own records and nothing of the mesh: it needs no approval, is done at once, and is told where it was
 * asked for. Whoever may ask for a change may set.
 */
export interface SettingCommand<P extends Parameters = Parameters> extends Described<P> {
  kind: 'setting';
  /** Some of its lines are questions, which take `--share`. */
  asks?: boolean;
  /** Resolves once it is stored, in time for an acknowledgement. The same line delivered again must change nothing. */
  set(values: Values<P>, context: SettingContext): Promise<SettingOutcome>;
}

export type Command = ChangeCommand | QueryCommand | SettingCommand;

/** Checks the types of a command where it is written. */
export function defineChange<const P extends Parameters>(command: Omit<ChangeCommand<P>, 'kind'>): Command {
  return { kind: 'change', ...command } as unknown as Command;
}

export function defineQuery<const P extends Parameters>(command: Omit<QueryCommand<P>, 'kind'>): Command {
  return { kind: 'query', ...command } as unknown as Command;
}

export function defineSetting<const P extends Parameters>(command: Omit<SettingCommand<P>, 'kind'>): Command {
  return { kind: 'setting', ...command } as unknown as Command;
}

/** Whether its answers can be shown to the whole channel by `--share`. */
export function takesShare(command: Command): boolean {
  return command.kind === 'query' || (command.kind === 'setting' && command.asks === true);
}

/** Kinds that any of the commands writes, each once. */
export function kindsWritten(commands: Command[]): string[] {
  return [...new Set(commands.flatMap(command => (command.kind === 'change' ? command.writes : [])))].sort();
}

/** Arguments as a MeshChange keeps them, as the values a command takes. The grammar made them, so they fit. */
export function valuesOf(stored: Arguments): Values<Parameters> {
  return stored as Values<Parameters>;
}
