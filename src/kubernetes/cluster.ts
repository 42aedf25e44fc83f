/** The Cluster port over the Kubernetes API: each of its verbs is exactly one request. */
import type { World } from '../istio/world.ts';
import type { KubeObject, ObjectRef } from '../object.ts';
import { type Cluster, ClusterError, type Write, type Written } from '../ports.ts';
import type { Call, KubeClient } from './client.ts';
import { discover } from './discovery.ts';
import { ApiError } from './errors.ts';
import { patchOf } from './merge-patch.ts';
import { collectionPath, KNOWN, named, objectPath, type Resource } from './paths.ts';

export const FIELD_MANAGER = 'meshbot';

/** What the watches have. */
interface Watched {
  world: World;
  age: number;
  /** Takes what an answer brought before the watch does: a watch that broke is some seconds behind. */
  absorb?(object: KubeObject): void;
}

export class KubeCluster implements Cluster {
  readonly #client: KubeClient;
  readonly #watched: Watched;
  /** apiVersion/kind → where it lives. */
  readonly #resources = new Map(KNOWN.map(resource => [`${resource.apiVersion}/${resource.kind}`, resource]));

  constructor(client: KubeClient, watched: Watched) {
    this.#client = client;
    this.#watched = watched;
  }

  world(): { world: World; age: number } {
    return { world: this.#watched.world, age: this.#watched.age };
  }

  async read(ref: ObjectRef): Promise<KubeObject | undefined> {
    const path = objectPath(await this.#resource(ref), ref);
    try {
      const found = (await this.#client.call({ method: 'GET', path, subject: named(ref) })).body as KubeObject;
      this.#watched.absorb?.(found);
      return found;
    } catch (error) {
      if (error instanceof ClusterError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  dryRun(write: Write): Promise<Written> {
    return this.#send(write, 'All');
  }

  write(write: Write): Promise<Written> {
    return this.#send(write, undefined);
  }

  async #send(write: Write, dryRun: 'All' | undefined): Promise<Written> {
    const resource = await this.#resource(write.ref);
    try {
      const { body, warnings } = await this.#client.call(callFor(write, resource, dryRun));
      // A deletion is answered with a Status, or with the object as it was.
      const object = isKubeObject(body, write.ref) ? body : (write.after ?? write.before!);
      if (object === body && write.after && !dryRun) this.#watched.absorb?.(object);
      return { object, warnings };
    } catch (error) {
      if (write.before && error instanceof ApiError && error.kind === 'not-found') {
        const message = `${named(write.ref)} is not there any more: it was deleted after the change was planned.`;
        throw new ClusterError('conflict', message, { cause: error });
      }
      throw error;
    }
  }

  async #resource(ref: ObjectRef): Promise<Resource> {
    const key = `${ref.apiVersion}/${ref.kind}`;
    const known = this.#resources.get(key);
    if (known) return known;
    const found = await discover(this.#client, ref.apiVersion, ref.kind);
    this.#resources.set(key, found);
    return found;
  }
}

/** Create, change or delete, always bound to what was planned. Throws ClusterError 'invalid' for a write that is bound to nothing. */
function callFor(write: Write, resource: Resource, dryRun: 'All' | undefined): Call {
  const { ref, before, after } = write;
  const subject = named(ref);
  if (before && !before.metadata.resourceVersion) {
    throw new ClusterError('invalid', `${subject}: its planned resourceVersion is not known, so it cannot be written.`);
  }
  const query = { dryRun, fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };
  if (!before) {
    if (!after) throw new ClusterError('invalid', `${subject}: there is nothing to write.`);
    return { method: 'POST', path: collectionPath(resource, ref.namespace), query, body: created(after), subject };
  }
  const path = objectPath(resource, ref);
  if (after) {
    const contentType = 'application/merge-patch+json';
    return { method: 'PATCH', path, query, body: patchOf(before, after), contentType, subject };
  }
  const { uid, resourceVersion } = before.metadata;
  const preconditions = { uid, resourceVersion };
  // Where a DELETE has a body, the API server reads the options there alone: by the query it would be done in earnest.
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, ...(dryRun && { dryRun: [dryRun] }) };
  return { method: 'DELETE', path, query: { dryRun }, body, subject };
}

/** A new object brings no identity of an older one: `undo` of a deletion creates it again. */
function created(object: KubeObject): KubeObject {
  const {
    uid: _,
    resourceVersion: __,
    creationTimestamp: ___,
    generation: ____,
    managedFields: _____,
    ...metadata
  } = object.metadata;
  const { status: ______, ...rest } = object;
  return { ...rest, metadata } as KubeObject;
}

function isKubeObject(body: unknown, ref: ObjectRef): body is KubeObject {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === ref.kind && 'metadata' in body;
}
