/** What the core needs from outside. Every effect, clock and random number comes in through one of these. */
import type { World } from './istio/world.ts';
import type { JsonObject, KubeObject, ObjectMeta, ObjectRef } from './object.ts';
import type { View } from './view.ts';

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}

/** One object to be written. `before` undefined: create it. `after` undefined: delete it. */
export interface Write {
  ref: ObjectRef;
  /** As it was read when planned, with uid and resourceVersion. */
  before?: KubeObject;
  after?: KubeObject;
}

export interface Written {
  object: KubeObject;
  /** `Warning` headers of the API server, as sent. */
  warnings: string[];
}

/** Why the cluster did not do it. `kind` is what callers branch on; `message` is for people. */
export class ClusterError extends Error {
  override name = 'ClusterError';
  readonly kind: 'conflict' | 'already-exists' | 'not-found' | 'invalid' | 'forbidden' | 'busy' | 'unavailable';
  /** ms to wait before the next try, from Retry-After. */
  readonly retryAfter: number | undefined;
  /** What a person can do about it, where that is known: one sentence. Of 'unavailable': the API server itself did answer. */
  readonly advice: string | undefined;
  constructor(
    kind: ClusterError['kind'],
    message: string,
    options?: { cause?: unknown; retryAfter?: number; advice?: string },
  ) {
    super(message, options);
    this.kind = kind;
    this.retryAfter = options?.retryAfter;
    this.advice = options?.advice;
  }
}

/** The mesh's own objects. Throws ClusterError; 'unavailable' means the outcome is unknown: read and compare. */
export interface Cluster {
  /** The world as the watches have it. `age` is ms since the oldest of them was last in touch with the API server. */
  world(): { world: World; age: number };
  /** One object from the API server itself, not from a cache. */
  read(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Asks the API server what the write would give (dryRun=All, fieldValidation=Strict). Changes nothing. */
  dryRun(write: Write): Promise<Written>;
  /**
   * Writes `after` over exactly `before` (its resourceVersion), creates it where `before` is undefined, deletes
   * `before` (uid and resourceVersion as preconditions) where `after` is undefined.
   * 'conflict' means that the object is no longer the one planned.
   */
  write(write: Write): Promise<Written>;
}

/** A custom resource of meshbot's own. */
export interface OwnRecord {
  metadata: ObjectMeta;
  spec: object;
  status?: object;
}

/** The records of one kind: schedules, freezes. Whoever writes one comes with it as it was read. Throws ClusterError. */
export interface RecordStore<R extends OwnRecord> {
  /** 'already-exists' when a record of that name is there: the same command was delivered twice. */
  create(record: { name: string; spec: R['spec'] }): Promise<R>;
  /** From the API server itself. */
  read(name: string): Promise<R | undefined>;
  /** Compare-and-swap of `spec` by `metadata.resourceVersion`; 'conflict' when somebody was first. */
  saveSpec(record: R): Promise<R>;
  /** Compare-and-swap of `/status`, likewise. */
  saveStatus(record: R): Promise<R>;
  /** 'conflict' when it is no longer this very version, 'not-found' when it is gone. */
  remove(record: R): Promise<void>;
  /** From the watch's cache, newest first. */
  list(): R[];
  /** From the watch's cache. */
  cached(name: string): R | undefined;
  /** Called for each record that is there, comes or moves, until the returned function is called. */
  watch(listener: (record: R) => void): () => void;
}

export interface Place {
  channel: string;
  /** Timestamp of the thread's first message. */
  thread?: string;
}

export interface Posted {
  channel: string;
  /** Slack's `ts`: the message's id. */
  ts: string;
}

export interface Person {
  id: string;
  team: string;
  name: string;
  isBot: boolean;
  /** Single- or multi-channel guest, or somebody from another company (Slack Connect). */
  isGuest: boolean;
  isDeleted: boolean;
  /** IANA time zone, where the chat tells it. */
  tz?: string;
}

/** What a message belongs to, kept in its metadata so that a post of unknown outcome can be found again. */
export interface MessageKey {
  change: string;
  /** 'card', 'receipt', … : at most one message of each per change. */
  slot: string;
}

/** Why the chat did not do it. 'unknown' means it may have been taken: look for it before trying again. */
export class ChatError extends Error {
  override name = 'ChatError';
  readonly kind: 'limited' | 'unknown' | 'gone' | 'refused';
  readonly retryAfter: number | undefined;
  constructor(kind: ChatError['kind'], message: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(message, options);
    this.kind = kind;
    this.retryAfter = options?.retryAfter;
  }
}

/** Throws ChatError. */
export interface Chat {
  /** Exactly one request to the chat; never tries again by itself. */
  post(place: Place, view: View, key: MessageKey): Promise<Posted>;
  /** The message posted under `key` since `since` (epoch ms), if the chat has it. */
  find(place: Place, key: MessageKey, since: number): Promise<Posted | undefined>;
  /** 'gone' when the message was deleted or may no longer be edited. */
  update(posted: Posted, view: View, key: MessageKey): Promise<void>;
  /** Tells one person only. Best effort: it is not kept by the chat. */
  whisper(place: Place, person: string, view: View): Promise<void>;
  /** Asks the chat now, not a cache. undefined: there is no such person. */
  person(id: string): Promise<Person | undefined>;
  /** Where a person can open a message; undefined: it is gone. May be left out. */
  permalink?(posted: Posted): Promise<string | undefined>;
  /** Members of a user group, asked now. Throws where it cannot be read: callers refuse. */
  groupMembers(group: string): Promise<string[]>;
}

export type ProbeSource =
  /** From outside, through the ingress gateway. */
  { kind: 'gateway'; name?: string } | { kind: 'pod'; namespace: string; pod: string; container?: string };

export interface ProbeRequest {
  from: ProbeSource;
  method: string;
  /** `http://host[:port]/path`. From 'gateway' the host is the Host header and the connection goes to the gateway. */
  url: string;
  headers: Record<string, string>;
  /** ms. */
  timeout: number;
}

export interface ProbeAnswer {
  /** HTTP status, or 0 when no answer came: see `error`. */
  status: number;
  headers: Record<string, string>;
  /** Cut at 64 KiB. */
  body: string;
  truncated: boolean;
  /** ms. */
  took: number;
  error?: string;
  /** No answer because time was up, rather than because nobody took the connection. */
  late?: boolean;
}

/** Sends one request. Never throws for what the mesh answers; throws ProbeError when it must not or cannot be sent. */
export interface Probe {
  send(request: ProbeRequest): Promise<ProbeAnswer>;
}

export class ProbeError extends Error {
  override name = 'ProbeError';
  /** meshbot lacks the right to do it, there and in the whole namespace. */
  readonly forbidden: boolean;
  constructor(message: string, options?: { cause?: unknown; forbidden?: boolean }) {
    super(message, options);
    this.forbidden = options?.forbidden ?? false;
  }
}

/** A sidecar, or a gateway, which is a proxy alone. */
export interface MeshProxy {
  namespace: string;
  pod: string;
  labels: Record<string, string>;
  gateway: boolean;
}

/** The routing of the proxies themselves, as each has it now. */
export interface Proxies {
  /** Those that are ready, as the watches have them. */
  list(): MeshProxy[];
  /** Envoy's RouteConfigurations, of one port or of all. Throws ProbeError where the proxy cannot be asked. */
  routes(proxy: Pick<MeshProxy, 'namespace' | 'pod'>, port?: number): Promise<JsonObject[]>;
}

/** Certificates as whoever connects to a gateway sees them. */
export interface Certificates {
  /**
   * Epoch ms at which the one ends that the Gateway presents to who asks for `host` (undefined: for no name).
   * undefined: not known. Throws where the gateway cannot be reached.
   */
  expiry(
    gateway: { namespace: string; name: string },
    port: number,
    host: string | undefined,
  ): Promise<number | undefined>;
}

/** One hop of a trace. */
export interface Hop {
  id: string;
  parent?: string;
  /** Workload's service, as the tracer names it: `reviews.default`. */
  service: string;
  /** Version label of the workload that answered, where known. */
  version?: string;
  /** `client` or `server` side of the hop. */
  side: 'client' | 'server' | 'other';
  name: string;
  /** Epoch ms, with fractions. */
  start: number;
  /** ms. */
  took: number;
  status?: number;
  tags: Record<string, string>;
}

export interface Traces {
  /** What answers: `Zipkin`. undefined: no tracer is known, and so nothing is ever found. */
  readonly name?: string;
  /** undefined: not there (yet). Throws when the tracer cannot be asked. */
  find(traceId: string): Promise<Hop[] | undefined>;
  /** Where a person can look at it. */
  link(traceId: string): string | undefined;
}

/** Only requests that this workload sends, by its canonical name. */
export interface Sender {
  name: string;
  namespace: string;
}

export interface Metrics {
  /** Requests/s to a service by destination version, over the last `window` s. undefined: nothing is known. */
  rateByVersion(host: string, window: number, sender?: Sender): Promise<Record<string, number> | undefined>;
  /** Requests/s to a service by the workload that sends them, `productpage-v1.default`. May be left out. */
  rateByCaller?(host: string, window: number): Promise<Record<string, number> | undefined>;
  /**
   * How the versions of a service did over the last `window` s before `until` (epoch ms; now unless told). undefined:
   * nothing is known. May be left out.
   */
  behaviourByVersion?(host: string, window: number, until?: number): Promise<Record<string, Behaviour> | undefined>;
  /**
   * How each service did over the `window` s before `at` (epoch ms; absent: now), by fully qualified host. Services of
   * which nothing is known are left out; requests that reached none are those of `unknown`. Nothing is told of p50. May be left out.
   */
  services?(window: number, at?: number): Promise<Record<string, Behaviour>>;
  /** Requests ever counted, for differences between two moments. undefined: nothing is known. May be left out. */
  countsByVersion?(host: string): Promise<Counts | undefined>;
}

/** By destination version. What is received but was not sent is a mirror's copies. */
export interface Counts {
  sent: Record<string, number>;
  received: Record<string, number>;
}

/** What is not known of it is left out; nothing of it is ever guessed. */
export interface Behaviour {
  /** Requests/s. */
  rate: number;
  /** Share of them that was answered with 5xx, 0 to 1. */
  errors?: number;
  /** ms within which half of them were answered. */
  p50?: number;
  /** ms within which 95 % of them were answered. */
  p95?: number;
}

/** A structured log line: a static message with fields (pino's shape). */
export interface Log {
  info(fields: JsonObject | object, message: string): void;
  warn(fields: JsonObject | object, message: string): void;
  error(fields: JsonObject | object, message: string): void;
}

/** A line typed to meshbot, by a slash command, a mention or the form. */
export interface Asked {
  text: string;
  asker: { team: string; user: string };
  place: Place;
  /** The same for each delivery of the same command, different for any two commands. */
  delivery: string;
  /** Ids of the channels that the text names, by name without `#`, where the chat told them. */
  channels?: Record<string, string>;
}

export type Reply =
  /** It is stored; its card will appear. */
  | { kind: 'recorded'; change: string }
  /** To the asker alone, at once. */
  | { kind: 'answer'; view: View }
  /** Acknowledge first, then `work`. `progress` redraws the answer. `share`: for the channel, not the asker alone. */
  | { kind: 'working'; share: boolean; work(progress: (view: View) => Promise<void>): Promise<View> }
  /** Open the form with menus. */
  | { kind: 'form' };

/** A click on a card, a menu of it, or a submitted reason. */
export interface Click {
  /** The same for each delivery of the same click. */
  delivery: string;
  kind:
    | 'approve'
    | 'reject'
    | 'choose'
    /** Of a change by steps. */
    | 'pause'
    | 'resume'
    | 'abort'
    /** Of a change with a time limit. */
    | 'keep'
    | 'revert';
  change: string;
  clicker: { team: string; user: string };
  /** Where the card is that was clicked: an id from another channel is refused. */
  posted: Posted;
  reason?: string;
  choice?: string;
}

/** A form for one verb: what it takes, with live names. */
export interface FormVerb {
  verb: string;
  summary: string;
  /** A change: its card needs a channel in which those who approve it see it. */
  change?: boolean;
  inputs: {
    name: string;
    about: string;
    required: boolean;
    shape:
      | { kind: 'menu'; choices: { value: string; label: string }[] }
      | { kind: 'number'; least: number; most: number }
      | { kind: 'text' };
  }[];
}

/** What the chat's listeners ask of the core. Throws ClusterError where nothing could be stored: tell the person so. */
export interface Desk {
  /** Resolves once a change is stored. Never throws for what was typed. */
  ask(asked: Asked): Promise<Reply>;
  /** Resolves once the click is stored. A string tells the clicker why it was not taken. */
  click(click: Click): Promise<string | undefined>;
  /** `chosen` are the values so far, so that menus can depend on each other. */
  form(
    verb: string | undefined,
    chosen: Record<string, string>,
  ): { verbs: { verb: string; summary: string }[]; form?: FormVerb };
  /** The line that a filled form means: 'shift reviews v3 50'. */
  line(verb: string, chosen: Record<string, string>): string;
  home(person: string): Promise<View>;
  /** Why they may ask meshbot nothing, in a sentence; undefined: they may. Answers in time for an acknowledgement. */
  refusal(asker: { team: string; user: string }): Promise<string | undefined>;
}
