/** Where each kind of object lives in the API: `/apis/<group>/<version>/namespaces/<namespace>/<resource>/<name>`. */
import { API_VERSION, KIND } from '../change/meshchange.ts';
import { isLabel, isName } from '../istio/hosts.ts';
import { WATCHED } from '../istio/world.ts';
import type { ObjectRef } from '../object.ts';
import { ClusterError } from '../ports.ts';

/** A kind, and how the API names it. */
export interface Resource {
  apiVersion: string;
  kind: string;
  /** Plural, in paths. */
  resource: string;
  namespaced: boolean;
}

export const MESH_CHANGES: Resource = {
  apiVersion: API_VERSION,
  kind: KIND,
  resource: 'meshchanges',
  namespaced: true,
};

export const HEALTH_SCHEDULES: Resource = {
  apiVersion: API_VERSION,
  kind: 'HealthSchedule',
  resource: 'healthschedules',
  namespaced: true,
};

export const MESH_FREEZES: Resource = {
  apiVersion: API_VERSION,
  kind: 'MeshFreeze',
  resource: 'meshfreezes',
  namespaced: true,
};

/** Kinds of meshbot's own: deploy/crd.yaml defines them. */
export const OWN: readonly Resource[] = [MESH_CHANGES, HEALTH_SCHEDULES, MESH_FREEZES];

/** Kinds whose place needs no discovery. */
export const KNOWN: readonly Resource[] = [
  ...WATCHED.map(kind => ({ ...kind, namespaced: true })),
  ...OWN,
  { apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespaced: true },
  { apiVersion: 'v1', kind: 'Namespace', resource: 'namespaces', namespaced: false },
  { apiVersion: 'apps/v1', kind: 'Deployment', resource: 'deployments', namespaced: true },
];

/** `/apis/networking.istio.io/v1`, `/api/v1`. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** The group of an apiVersion: '' for the core. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** All objects of a kind, in one namespace or (undefined) in all. Throws ClusterError for what is no namespace name. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const base = groupPath(resource.apiVersion);
  if (!resource.namespaced || namespace === undefined) return `${base}/${resource.resource}`;
  if (!isLabel(namespace)) throw new ClusterError('invalid', `'${namespace}' is no name of a namespace.`);
  return `${base}/namespaces/${namespace}/${resource.resource}`;
}

/** One object. Names are checked, so that none can become another path. */
export function objectPath(resource: Resource, ref: Pick<ObjectRef, 'namespace' | 'name'>): string {
  if (!isName(ref.name)) throw new ClusterError('invalid', `'${ref.name}' is no name of a ${resource.kind}.`);
  return `${collectionPath(resource, resource.namespaced ? ref.namespace : undefined)}/${ref.name}`;
}

/** 'VirtualService default/reviews', for messages. */
export function named(ref: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
}
