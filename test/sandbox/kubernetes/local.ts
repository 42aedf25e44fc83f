/** A local Kubernetes API for a test, a plain way to ask it over HTTP, and the objects that the tests speak of. */
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { afterEach } from 'vitest';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import type { LocalKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import { startKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';

/** What tests look at in an answer: an object, a list, a Table, a Status or discovery. A test that looks names what it is. */
export interface Body extends KubeObject {
  metadata: KubeObject['metadata'] & { continue?: string; remainingItemCount?: number };
  items: KubeObject[];
  message: string;
  reason: string;
  code: number;
  details: { causes: { field: string; message: string; reason: string }[] };
  columnDefinitions: { name: string }[];
  rows: { cells: unknown[]; object?: KubeObject }[];
}

/** The value at a path of fields and indexes; undefined where there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((found, step) => (found as Record<string | number, unknown> | undefined)?.[step], value);
}

/** An answer, with its body read as JSON where it is. */
export interface Answered {
  code: number;
  headers: Headers;
  body: Body;
  text: string;
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  options?: { type?: string; headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<Answered>;

export interface Local {
  kubernetes: LocalKubernetes;
  call: Call;
}

const running: LocalKubernetes[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(kubernetes => kubernetes.close()));
});

/** Ends with the test that started it. */
export async function start(options: { now?: () => number } = {}): Promise<Local> {
  const kubernetes = await startKubernetes(options);
  running.push(kubernetes);
  const call: Call = async (method, path, body, { type = 'application/json', headers = {}, signal } = {}) => {
    const response = await fetch(kubernetes.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').startsWith('application/json');
    return {
      code: response.status,
      headers: response.headers,
      text,
      body: json && text ? JSON.parse(text) : undefined,
    };
  };
  return { kubernetes, call };
}

export const VIRTUAL_SERVICES = '/apis/networking.istio.io/v1/namespaces/default/virtualservices';
export const MESH_CHANGES = '/apis/meshbot.dev/v1alpha1/namespaces/default/meshchanges';
export const MERGE = { type: 'application/merge-patch+json' };
export const JSON_PATCH = { type: 'application/json-patch+json' };

export function reviews(name = 'reviews', extra: JsonObject = {}): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'default' },
    spec: {
      hosts: [name],
      http: [
        {
          route: [
            { destination: { host: name, subset: 'v1' }, weight: 50 },
            { destination: { host: name, subset: 'v3' }, weight: 50 },
          ],
        },
      ],
      ...extra,
    },
  };
}

export function configMap(name = 'settings', data: Record<string, string> = { a: '1' }): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data };
}

export function pod(name = 'ratings-1', containers = ['ratings']): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'ratings' } },
    spec: { containers: containers.map(container => ({ name: container, image: 'example.com/app:1' })) },
    status: {
      phase: 'Running',
      podIP: '192.0.2.7',
      containerStatuses: containers.map(container => ({ name: container, ready: true, restartCount: 0 })),
    },
  };
}

/** The definition that a cluster gets, from `deploy/`. */
export function meshChangeDefinition(): KubeObject {
  const [definition] = loadAll(readFileSync(new URL('../../../deploy/crd.yaml', import.meta.url), 'utf8'));
  return definition as KubeObject;
}

export function meshChange(name = 'mc-1'): KubeObject {
  return {
    apiVersion: 'meshbot.dev/v1alpha1',
    kind: 'MeshChange',
    metadata: { name, namespace: 'default' },
    spec: {
      verb: 'shift',
      arguments: { service: 'reviews', version: 'v3', percent: 50 },
      text: 'shift reviews v3 50',
      requester: { team: 'T1', user: 'U1' },
      origin: { channel: 'C1' },
    },
  };
}
