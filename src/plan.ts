/** What a command intends, worked out against the live world: the objects to write, in order, and what that does. */
import type { JsonObject, KubeObject } from './object.ts';
import type { ProbeSource, Sender, Write } from './ports.ts';
import type { Phrase } from './view.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One thing that a check noticed. Errors block. */
export interface Finding {
  /** Stable and greppable: `subset-missing`, `weights-sum`. */
  code: string;
  severity: Severity;
  /** `VirtualService/default/reviews spec.http[0].route[1]`. */
  path: string;
  message: string;
  /** The next step for a person. */
  fix?: string;
}

/** One row of the traffic diff. Shares are percent 0–100. */
export interface TrafficRow {
  /** Which requests: 'all other requests', 'end-user = jason'. */
  match: string;
  /** Where they go: 'reviews v3'. */
  destination: string;
  before: number;
  after: number;
}

/** What the proof sends, and what it must see. */
export type Expectation = Split | Shut;

interface Sent {
  /** Fully qualified host of the service whose traffic moves. */
  host: string;
  /** Which header values make a probe fall under the route that changed. */
  headers: Record<string, string>;
  /** A request that reaches the service; undefined: nothing known does, and the receipt says so. */
  probe?: { from: ProbeSource; url: string };
}

/** Requests go to the versions of the service in these shares. */
export interface Split extends Sent {
  kind?: 'split';
  /** Expected share of each version, percent 0–100, over all probes that reach `host`. */
  shares: Record<string, number>;
  /** Percent that no weight speaks for: the Service spreads it over its versions, and any of them may get any part of it. */
  spread?: number;
  /** Of requests without those headers, where they go another way: shares and spread as above. */
  others?: { shares: Record<string, number>; spread?: number };
  /** Only probes count whose request was so when it came to the service; `says` tells it in words. Matchers are Istio's. */
  where?: { says: string; path?: JsonObject; method?: JsonObject; caller?: string };
  /**
   * The same requests before the change, and after each of its steps but the last: what the proof has to tell them from.
   * Absent: not known. `copies`: percent of them that `mirror.version` got copies of.
   */
  before?: Earlier[];
  /** Copies of these requests: the version that gets them, and percent 0–100 of the requests. */
  mirror?: { version: string; percent: number };
}

export interface Earlier extends Pick<Split, 'shares' | 'spread'> {
  copies?: number;
}

/** Requests come no further than the gateway: refused, or answered by it with 404. None reaches the service. */
export interface Shut extends Sent {
  kind: 'shut';
  shares: Record<string, never>;
  spread?: never;
  others?: never;
  where?: never;
  before?: never;
  mirror?: never;
}

export type Risk = 'low' | 'medium' | 'high';

export interface Plan {
  /** 'Send 50 % of reviews to v3'. */
  title: string;
  namespace: string;
  /** Short names of the services it touches, for `history reviews` and for locks. */
  services: string[];
  /** In the order to be written (make before break). Undo writes the reverse, in reverse order. */
  writes: Write[];
  traffic: TrafficRow[];
  findings: Finding[];
  /** What stays as it is and people may wonder about: 'end-user = jason stays on v2'. */
  notes: Phrase[];
  /** Whose requests it is about, where not everybody's: rates count these alone. */
  sender?: Sender;
  risk: Risk;
  expectation: Expectation;
  /** Where the way there is gone in steps: `writes` then say what is written in the end. */
  rollout?: Rollout;
  /** ms after the last write at which it goes back by itself, unless somebody keeps it. */
  lasts?: number;
}

/** What a version must keep to: errors in percent of its requests, latencies in ms. */
export interface Gate {
  measure: 'errors' | 'p50' | 'p95';
  below: number;
}

export interface Step {
  /** Percent of the requests that the version gets from here on. */
  percent: number;
  /** The objects that this step writes, whole, over what the step before left; the first one over what is there. */
  objects: KubeObject[];
}

/** A change in steps: each is held for a while and judged before the next is written. */
export interface Rollout {
  /** Whose share grows. */
  version: string;
  /** Under which names the metrics count its requests, which the gates judge: a subset may be called otherwise. */
  counted: { host: string; version: string };
  /** ms that each step is held at least. */
  every: number;
  gates: Gate[];
  /** One or more; one alone is judged too before the change is done. */
  steps: Step[];
}

/** Pure: the same world and arguments give the same outcome. */
export type Planning =
  | { kind: 'plan'; plan: Plan }
  /** More than one thing could be meant. The answer is stored as argument `argument` and planned again. */
  | { kind: 'choose'; argument: string; question: Phrase; choices: { value: string; label: string }[] }
  /** It must not be done. At least one finding is an error. */
  | { kind: 'refused'; findings: Finding[] }
  /** It is so already. */
  | { kind: 'nothing'; why: Phrase };

export type Arguments = JsonObject;
