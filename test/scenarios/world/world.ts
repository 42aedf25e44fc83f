/** What a story needs of the world it is told in. Everything but the chat is seen from outside meshbot. */
import type { KubeObject, ObjectRef } from '../../../src/object.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts';

export interface Visit {
  path: string;
  /** The shop's own unless told. */
  host?: string;
  /** Signed in at the shop as this user. */
  user?: string;
  headers?: Record<string, string>;
}

export interface Page {
  /** 0: nobody listens there. */
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Ran {
  stdout: string;
  exitCode: number;
}

export interface World {
  readonly name: 'local' | 'mesh';
  /** Where people type, click and read. */
  readonly slack: LocalSlack;
  /** Zipkin's own address. */
  readonly zipkin: string;
  /** Prometheus' own address. */
  readonly prometheus: string;
  /** One request from outside, through the ingress gateway, by the test's own hand. */
  visit(visit: Visit): Promise<Page>;
  /** curl in the first pod of `app`, in its own container, as `kubectl exec` runs it. */
  curl(from: { app: string; namespace: string }, args: string[]): Promise<Ran>;
  read(ref: ObjectRef): Promise<KubeObject | undefined>;
  apply(object: KubeObject): Promise<void>;
  remove(ref: ObjectRef): Promise<void>;
  list(kind: string, namespace: string): Promise<KubeObject[]>;
  /**
   * Shares by cluster that the proxy of `app`'s first pod really holds for requests to `host` that match nothing in
   * particular, from Envoy's config_dump. undefined: there is no Envoy in this world.
   */
  shares(app: string, host: string): Promise<Record<string, number> | undefined>;
  close(): Promise<void>;
}
