/** A MeshChange: one wish to change the mesh, from the command typed to its proof. A custom resource; the only store. */
import type { KubeObject, ObjectMeta, ObjectRef } from '../object.ts';
import type { Arguments, Finding, Plan } from '../plan.ts';
import type { Behaviour, Click, Place } from '../ports.ts';
import type { Phrase } from '../view.ts';
import type { Judgement } from './course/gates.ts';
import type { Who } from './policy.ts';

export const API_VERSION = 'meshbot.dev/v1alpha1';
export const KIND = 'MeshChange';

/**
 * Requested → Planned → Approved → Applying → Applied → Verified is the good way.
 * Choosing waits for the requester's answer to a question. Stale is planned again by itself.
 * Progressing is between Applying and Applied where a plan goes by steps; Lasting between the proof and the end where it
 * has a time limit. Reverting takes back what was written, because of a gate, the time, or a click.
 * Ends: Verified, Rejected, Expired, Refused, Failed, Reverted, Undone.
 */
export type Phase =
  | 'Requested'
  | 'Choosing'
  | 'Planned'
  | 'Stale'
  | 'Approved'
  | 'Applying'
  | 'Progressing'
  | 'Applied'
  | 'Lasting'
  | 'Reverting'
  | 'Verified'
  | 'Rejected'
  | 'Expired'
  | 'Refused'
  | 'Failed'
  | 'Reverted'
  | 'Undone';

export interface ChangeSpec {
  verb: string;
  arguments: Arguments;
  /** As it was typed. */
  text: string;
  requester: { team: string; user: string };
  /** Where it was asked, and where its card goes. */
  origin: { channel: string; thread?: string };
  /** Name of the change that this one takes back. */
  undoes?: string;
}

export interface StoredPlan extends Plan {
  /** 1 for the first; grows each time the change is planned again. */
  revision: number;
  /** sha256 over writes (objects, uids, resourceVersions) and findings. Approvals name it. */
  digest: string;
  /** Epoch ms. */
  at: number;
  /** Who could approve when it was planned, for the card only: the policy is read again at each click. */
  approvers?: { who: Who; approvals: number; own: boolean };
  /** Why the plan before this one no longer held. */
  replanned?: string;
  /** Requests/s by version when it was planned, over the last `window` s. No part of the digest: rates move by the minute. */
  rates?: { byVersion: Record<string, number>; window: number; at: number } | undefined;
}

/** A click, as it came; kept before it is acknowledged, judged by the reconciler. */
export interface Decision {
  /** Unique per click, so a second delivery of it is the same one. */
  id: string;
  kind: Click['kind'];
  team: string;
  user: string;
  /** Epoch ms. */
  at: number;
  /** Digest of the plan that the person was looking at. */
  digest?: string;
  reason?: string;
  choice?: string;
  /** Set once judged. */
  verdict?: 'counted' | 'refused';
  /** Why it was refused, for the person. */
  why?: Phrase;
  /** True once the person was told. */
  told?: boolean;
}

export interface Approval {
  team: string;
  user: string;
  at: number;
  digest: string;
  /** True once the plan it was given for no longer holds. */
  void?: boolean;
}

/** Which replica works on the change. Another takes over only when the change stood still while work was due. */
export interface Claim {
  /** One process, not one pod: a restarted replica has another name. */
  holder: string;
  /** Grows with each claim. */
  term: number;
  /** Grows while the holder is at work that takes long, so that the change does not stand still. */
  beat?: number;
}

export interface WrittenObject {
  ref: ObjectRef;
  /** '' when it was deleted. */
  resourceVersion: string;
  at: number;
  warnings: string[];
}

/** A message of this change in the chat. */
export interface MessageRecord {
  channel?: string;
  ts?: string;
  /** Hash of the view last taken by the chat. */
  drawn?: string;
  /** Epoch ms of the first try: a post of unknown outcome is looked for from here on. */
  since: number;
  /** Where it was sent, when that is not where messages of this slot usually go, or they may come to go elsewhere. */
  place?: Place;
  /** Phase that the view last taken was of. */
  phase?: Phase;
  /** The view last taken tells of the second look. */
  again?: boolean;
  /** Digest of the plan that the view last taken shows: what a person who clicks is looking at. */
  digest?: string;
  /** The chat no longer lets it be edited, or never took it. Its successor has slot `card#2`, `card#3`, … */
  gone?: boolean;
}

/** What was seen after the write. */
export interface Receipt {
  verdict: 'proven' | 'not-proven';
  /** One sentence: 'consistent with 50 %', or why not. */
  summary: string;
  sent: number;
  /** Probes whose way through the service is known, by version. */
  seen: Record<string, number>;
  /** Exact binomial interval per version, percent, at `confidence` percent. */
  intervals: Record<string, { low: number; high: number }>;
  confidence: number;
  expected: Record<string, number>;
  /** See Expectation. */
  spread?: number;
  /** Requests without the headers of the changed route. */
  others?: Pick<Receipt, 'sent' | 'seen' | 'intervals' | 'expected' | 'spread'>;
  /** Copies that a mirror got of so many requests, by the metrics; percents as above. */
  mirror?: { version: string; expected: number; requests: number; copies: number; low: number; high: number };
  /** Nobody was to be reached: there are no shares. */
  shut?: boolean;
  /** Which proxies hold the written routes; absent where nobody could be asked about them. */
  proxies?: {
    /** Those that the route concerns, and how many of them were asked. */
    known: number;
    asked: number;
    hold: number;
    /** ms from the write until the last of them was seen to hold it: it may have held it earlier. */
    took?: number;
    /** Not on the new route: still on the one before, or without any though it is to have one. */
    behind: number;
    /** How many of those behind have none. */
    missing?: number;
    /** On neither: somebody else's change, or written otherwise than is known. */
    other: number;
    /** Without any route of it, and not known to need one. */
    without: number;
    unanswered: number;
    /** Some of those behind, those that have none last; of those on neither; and of those that alone did not answer. */
    names: string[];
    /** Why some could not be asked. */
    why?: string;
  };
  /** HTTP status → count. */
  statuses: Record<string, number>;
  /** Median ms of the probes. */
  median: number;
  traceId?: string;
  traceLink?: string;
  /** The trace of one probe, flattened depth first. `start` and `took` in ms from the trace's start. */
  trace?: { service: string; version?: string; depth: number; start: number; took: number; status?: number }[];
  /** How the versions did before anything was written. */
  before?: Doing;
  from: string;
  at: number;
}

/** How the versions of a service did over `window` s until `at`. */
export interface Doing {
  byVersion: Record<string, Behaviour>;
  window: number;
  at: number;
}

/** The written objects once more, a minute after the end: a controller may have taken them back. */
export interface SecondLook {
  at: number;
  /** Objects that are no longer as they were written. */
  moved: { ref: ObjectRef; says: string; advice: string }[];
  /** How the versions did since. */
  after?: Doing;
  /** Where not all proxies held the route when it was proven: how many do now. */
  proxies?: NonNullable<Receipt['proxies']>;
}

/** What a version did since a step began, at a moment. Rates in requests/s, errors 0 to 1, latencies in ms. */
export interface Measured {
  at: number;
  rate: number;
  /** Of all other versions together. */
  others: number;
  errors?: number;
  p50?: number;
  p95?: number;
}

/** How far a change by steps is. */
export interface Progress {
  /** Index of the step that is in the mesh. */
  step: number;
  /** Epoch ms at which it was written. */
  began: number;
  /** Epoch ms before which the next is not written. */
  due: number;
  /** Paused by a person: nothing is written but the way back. */
  paused: { by: string; at: number } | null;
  /** Its time is over, but its gates cannot be judged: the next step waits for that. */
  held: boolean;
  /** Epoch ms since when the holder looks at it after its time and cannot judge it; absent: that is not so. */
  unjudgedSince?: number;
  /** How its gates were judged when that was last kept. */
  judged: Judgement;
  /** The steps before it, and how each was judged when it was left. */
  past: { began: number; says: string }[];
  /** Over all steps, thinned out as they grow in number. */
  measured: Measured[];
}

export interface HistoryEntry {
  phase: Phase;
  at: number;
  by?: string;
  why?: string;
}

export interface ChangeStatus {
  phase: Phase;
  /** One sentence on why it is in this phase, for people. */
  message?: string;
  plan?: StoredPlan;
  /** Set while Choosing. */
  question?: { argument: string; question: string; choices: { value: string; label: string }[] };
  /** Findings of a refusal. */
  findings?: Finding[];
  /** What was chosen while Choosing: laid over `spec.arguments`. */
  answers?: Arguments;
  /** Epoch ms; after it nobody can approve. */
  expiresAt?: number;
  decisions: Decision[];
  approvals: Approval[];
  claim?: Claim;
  written: WrittenObject[];
  /** Set while what was written is being taken back, because a later object could not be written. */
  backingOut?: { why: string; into: 'Stale' | 'Failed' };
  /** Set from the first step on, where the plan goes by steps. */
  progress?: Progress;
  /** Enough people kept it while it was being proven: it has no time limit any more. */
  stays?: boolean;
  receipt?: Receipt;
  again?: SecondLook;
  undoneBy?: string;
  messages: Record<string, MessageRecord>;
  history: HistoryEntry[];
}

export interface MeshChange extends Omit<KubeObject, 'spec' | 'status' | 'metadata'> {
  apiVersion: typeof API_VERSION;
  kind: typeof KIND;
  metadata: ObjectMeta;
  spec: ChangeSpec;
  /** Absent just after creation: read it as Requested. */
  status?: ChangeStatus;
}

export interface NewMeshChange {
  /** Derived from the command's delivery, so that the same delivery twice makes one change. */
  name: string;
  namespace: string;
  spec: ChangeSpec;
}

/** On every object that meshbot writes: the name of the change that wrote it last. */
export const CHANGE_ANNOTATION = 'meshbot.dev/change';

/** What a command was given, the requester's later answers included: planners read this, never `spec.arguments` alone. */
export function argumentsOf(change: MeshChange): Arguments {
  return { ...change.spec.arguments, ...change.status?.answers };
}
