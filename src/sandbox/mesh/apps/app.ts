/** What a program in a pod of the local mesh is. */
import type { Clock } from '../../../ports.ts';
import type { Answer, Headers, Inbound } from '../proxy/messages.ts';
import type { Workload } from '../proxy/workload.ts';

export interface AppContext {
  self: Workload;
  clock: Clock;
  /** A number from 0 up to 1. */
  draw(): number;
  /** Asks another service, through the pod's proxy if it has one. `timeout` in ms; then the status is 0. */
  get(host: string, port: number, path: string, headers: Headers, timeout: number): Promise<Answer>;
  /** The headers that an app passes on so that its calls belong to the same trace and user. */
  passedOn(request: Inbound): Headers;
}

/** Answers one request. */
export type App = (request: Inbound, context: AppContext) => Promise<Answer>;

export function json(status: number, value: unknown): Answer {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: `${JSON.stringify(value)}\n`, flags: '-' };
}

export function pathOf(request: Inbound): string {
  return request.path.split('?')[0]!;
}

/** The work itself takes a little while, and not always the same. */
export function work(context: AppContext, least: number, most: number): Promise<void> {
  return context.clock.sleep(least + context.draw() * (most - least));
}

const PASSED_ON = [
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'traceparent',
  'tracestate',
  'end-user',
  'user-agent',
];

export function passedOn(request: Inbound, lost: Set<string>): Headers {
  const kept = PASSED_ON.filter(name => request.headers[name] !== undefined && !lost.has(name));
  return Object.fromEntries(kept.map(name => [name, request.headers[name]!]));
}
