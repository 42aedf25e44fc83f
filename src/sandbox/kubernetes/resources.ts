/** Which resources are served: groups, versions, kinds, and how each behaves. */
import type { KubeObject } from '../../object.ts';
import type { Schema } from './schema.ts';

export interface Column {
  name: string;
  type: string;
  format?: string;
  description?: string;
  /** 0 is always shown, more only with `-o wide`. */
  priority?: number;
}

/** A column of `kubectl get` with the way its cell is made. */
export interface Printer {
  columns: Column[];
  cells(object: KubeObject, now: number): (string | number | boolean | null)[];
}

export interface Resource {
  group: string;
  /** Served versions, the preferred one first. */
  versions: string[];
  /** The version in which objects are kept. */
  storage: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  /** Has a `/status` subresource: status is written there only. */
  status: boolean;
  /** Defined by a CustomResourceDefinition. */
  custom: boolean;
  /** Objects are never stored: reviews of rights. */
  virtual?: boolean;
  /** A PUT without resourceVersion overwrites; custom resources, Leases and CRDs refuse it. */
  unconditionalUpdate: boolean;
  /** A PUT of what is not there creates it. */
  createOnUpdate: boolean;
  /** metadata.generation is kept: 1 at creation, one more at each change of the desired state. */
  generation: boolean;
  /** DELETE answers with the object instead of a Status. */
  returnsDeleted: boolean;
  /** Of the whole object. Absent: nothing is known of its fields. */
  schema(version: string): Schema | undefined;
  printer(version: string): Printer;
  /** Rules beyond the schema: CEL of a CRD, or what kube-apiserver checks of a built-in kind. */
  rules?: (object: KubeObject) => { field: string; reason: string; message: string }[];
  /** What kube-apiserver fills in at creation and update, in place. */
  defaults?: (object: KubeObject, before: KubeObject | undefined) => void;
}

export function apiVersion(group: string, version: string): string {
  return group ? `${group}/${version}` : version;
}

export function groupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Names a resource whatever its version: `networking.istio.io/virtualservices`. */
export function resourceKey(resource: { group: string; plural: string }): string {
  return `${resource.group}/${resource.plural}`;
}

export class Catalog {
  readonly #resources = new Map<string, Resource>();

  add(resource: Resource): void {
    this.#resources.set(resourceKey(resource), resource);
  }

  remove(resource: Resource): void {
    this.#resources.delete(resourceKey(resource));
  }

  all(): Resource[] {
    return [...this.#resources.values()];
  }

  /** Served under exactly this version. */
  find(group: string, version: string, plural: string): Resource | undefined {
    const resource = this.#resources.get(`${group}/${plural}`);
    return resource?.versions.includes(version) ? resource : undefined;
  }

  ofKind(group: string, kind: string): Resource | undefined {
    return this.all().find(resource => resource.group === group && resource.kind === kind);
  }

  /** By kind alone, the first group that has it. */
  named(kind: string): Resource | undefined {
    return this.all().find(resource => resource.kind === kind);
  }

  /** Groups with their versions, each the preferred one first; the core group is ''. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, Set<string>>();
    for (const { group, versions } of this.#resources.values()) {
      const found = groups.get(group) ?? new Set();
      for (const version of versions) found.add(version);
      groups.set(group, found);
    }
    return new Map([...groups].map(([group, versions]) => [group, [...versions].sort(byVersion)]));
  }
}

/**
 * v2 before v1 before v1beta1 before v1alpha3.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority
 */
export function byVersion(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  for (let index = 0; index < 3; index++) if (left[index] !== right[index]) return right[index]! - left[index]!;
  return a.localeCompare(b);
}

function rank(version: string): [number, number, number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return [-1, 0, 0];
  const [, major, stage, minor] = match;
  return [stage === 'alpha' ? 0 : stage === 'beta' ? 1 : 2, Number(major), Number(minor ?? 0)];
}
