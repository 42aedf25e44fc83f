/** What a probe is: a few requests to the Kubernetes API, whose answers are to be the same wherever they are asked. */
import type { JsonObject } from '../../src/object.ts';

export interface Step {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** A string is sent as it is. */
  body?: JsonObject | string | undefined;
  /** Content-Type; `application/json` unless told. */
  type?: string;
  headers?: Record<string, string>;
  /** Only to prepare: its answer is not looked at. */
  quiet?: boolean;
}

export interface Watching {
  /** With its query; `watch=true` and `timeoutSeconds` are added. */
  watch: string;
  /** From where on: 'now' is the list's own resourceVersion. */
  from?: 'now' | (string & {});
  /** What happens meanwhile. */
  during?: Step[];
  /** s. */
  seconds?: number;
}

export interface Executing {
  exec: { namespace: string; app: string; container?: string; command: string[]; query?: string };
}

export interface Answer {
  code: number;
  /** Texts of `Warning` headers. */
  warnings: string[];
  body: unknown;
}

export type Deed = Step | Watching | Executing;

/** A deed that needs what was answered before: a resourceVersion, a uid. */
export type LaterDeed = (answers: Answer[]) => Deed;

export interface Probe {
  /** A sentence about behaviour, unique among all. */
  name: string;
  deeds: (Deed | LaterDeed)[];
}

export function probe(name: string, ...deeds: (Deed | LaterDeed)[]): Probe {
  return { name, deeds };
}

/** Every probe makes its objects in here; it is empty before the next. */
export const NAMESPACE = 'probes';

export const get = (path: string, headers: Record<string, string> = {}): Step => ({ method: 'GET', path, headers });
export const post = (path: string, body: JsonObject | string, type?: string): Step => ({
  method: 'POST',
  path,
  body,
  ...(type && { type }),
});
export const put = (path: string, body: JsonObject): Step => ({ method: 'PUT', path, body });
export const remove = (path: string, body?: JsonObject): Step => ({ method: 'DELETE', path, body });
export const quiet = (step: Step): Step => ({ ...step, quiet: true });

export const merge = (path: string, body: JsonObject): Step => patch(path, body, 'application/merge-patch+json');
export const strategic = (path: string, body: JsonObject): Step =>
  patch(path, body, 'application/strategic-merge-patch+json');
export const jsonPatch = (path: string, operations: JsonObject[]): Step =>
  patch(path, JSON.stringify(operations), 'application/json-patch+json');
export const apply = (path: string, body: JsonObject): Step => patch(path, body, 'application/apply-patch+yaml');

function patch(path: string, body: JsonObject | string, type: string): Step {
  return { method: 'PATCH', path, body, type };
}

/** The resourceVersion in the answer to the deed at `index`. */
export function versionOf(answers: Answer[], index: number): string {
  return metaOf(answers, index).resourceVersion ?? '';
}

export function uidOf(answers: Answer[], index: number): string {
  return metaOf(answers, index).uid ?? '';
}

export function metaOf(
  answers: Answer[],
  index: number,
): { resourceVersion?: string; uid?: string; continue?: string } {
  return (answers[index]?.body as { metadata?: object } | undefined)?.metadata ?? {};
}
