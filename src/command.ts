/** What a command is. A verb is one file in `commands/`; its grammar, help, form and registry entry are made from this. */
import type { MeshChange } from './change/meshchange.ts';
import type { Parameters, Values } from './grammar/parameters.ts';
import type { World } from './istio/world.ts';
import type { Arguments, Planning } from './plan.ts';
import type { ChangeStore, Clock, Cluster, Metrics, Probe, ProbeSource, Random, Traces } from './ports.ts';
import type { Templates } from './template/templates.ts';
import type { View } from './view.ts';

interface Described<P extends Parameters> {
  /** The word typed after `/mesh`. */
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
  cluster: Cluster;
  store: ChangeStore;
  probe: Probe;
  traces: Traces;
  metrics: Metrics;
  clock: Clock;
  random: Random;
  asker: { team: string; user: string };
  /** Shows progress in place while the work goes on. */
  progress(view: View): Promise<void>;
}

export interface QueryCommand<P extends Parameters = Parameters> extends Described<P> {
  kind: 'query';
  answer(values: Values<P>, context: QueryContext): Promise<View>;
}

export type Command = ChangeCommand | QueryCommand;

/** Checks the types of a command where it is written. */
export function defineChange<const P extends Parameters>(command: Omit<ChangeCommand<P>, 'kind'>): Command {
  return { kind: 'change', ...command } as unknown as Command;
}

export function defineQuery<const P extends Parameters>(command: Omit<QueryCommand<P>, 'kind'>): Command {
  return { kind: 'query', ...command } as unknown as Command;
}

/** Arguments as a MeshChange keeps them, as the values a command takes. The grammar made them, so they fit. */
export function valuesOf(stored: Arguments): Values<Parameters> {
  return stored as Values<Parameters>;
}
