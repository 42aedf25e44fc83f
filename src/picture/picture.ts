/** What a picture shows, as plain data: the core says what, `svgOf` draws it, `pngOf` makes it a file. */

export interface WaterfallHop {
  service: string;
  version?: string;
  /** How deep it is called: 0 is the first. */
  depth: number;
  /** ms from the trace's start. */
  start: number;
  /** ms. */
  took: number;
  status?: number;
}

/** One trace: a bar a hop, in the order in which they are called. */
export interface Waterfall {
  kind: 'waterfall';
  title: string;
  hops: WaterfallHop[];
}

/** Where the requests of one match go. */
export interface TopologyRoute {
  /** Which requests: 'end-user = jason', 'all other requests'. */
  match: string;
  to: {
    /** One of the topology's targets. */
    target: string;
    /** Percent 0–100. */
    share: number;
    /** Copies, whose answers are thrown away. */
    copy?: boolean;
  }[];
}

/** The routes of a service: who calls, which match, which version with which share. */
export interface Topology {
  kind: 'topology';
  title: string;
  /** Who was seen to call; empty: nobody knows. `rate` in requests/s. */
  callers: { name: string; rate?: number }[];
  routes: TopologyRoute[];
  /** Versions and whatever else routes lead to. `trouble`: why requests fail there. */
  targets: { name: string; detail?: string; trouble?: string }[];
}

/** What was, beside what is: a panel for each thing that is measured, a pair of bars for each name. */
export interface Comparison {
  kind: 'comparison';
  title: string;
  before: string;
  after: string;
  /** `value` with its unit, as it is to be read: `4.2/s`. Absent: nothing is known. */
  panels: {
    title: string;
    rows: { name: string; before?: { value: number; says: string }; after?: { value: number; says: string } }[];
  }[];
}

export type Picture = Waterfall | Topology | Comparison;
