/** What happens to an object when it is created, replaced or deleted: everything between a request and the store. */

import { randomUUID } from 'node:crypto';
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { metadataFaults } from './object-meta.ts';
import { checkPreconditions, otherUid, type Preconditions } from './preconditions.ts';
import type { Catalog, Resource } from './resources.ts';
import { apiVersion } from './resources.ts';
import { same } from './same.ts';
import { withDefaults } from './schema.ts';
import type { Cause } from './status-errors.ts';
import { ApiError, alreadyExists, badRequest, conflict, invalid, notFound } from './status-errors.ts';
import type { Entry, Store } from './store.ts';
import { inVersion, objectKey } from './store.ts';
import type { Target } from './target.ts';
import { trackUpdate } from './tracking.ts';
import { BLOCKING, UNCHECKED, validate } from './validate.ts';

/** Asked before an object is kept. Throws ApiError to refuse. */
export type Admission = (object: KubeObject, warnings: string[]) => void;

export interface WriteOptions {
  dryRun: boolean;
  /** Field manager. */
  manager: string;
  warnings: string[];
  /** 'status': only the status is taken. 'all': seeding, status and the rest together. */
  part: 'main' | 'status' | 'all';
  /** managedFields were already worked out, by server-side apply. */
  tracked?: boolean;
}

export class Objects {
  readonly store: Store;
  readonly #catalog: Catalog;
  readonly #now: () => number;
  readonly #admit: Admission;

  constructor(store: Store, catalog: Catalog, now: () => number, admit: Admission) {
    this.store = store;
    this.#catalog = catalog;
    this.#now = now;
    this.#admit = admit;
  }

  get({ resource, namespace }: Target, name: string): Entry | undefined {
    return this.store.get(resource, objectKey(namespace, name));
  }

  /** 201's object. 404 for a missing namespace, 409 AlreadyExists, 422 Invalid, or the webhook's refusal. */
  create(target: Target, body: KubeObject, options: WriteOptions): Entry {
    const { resource, namespace } = target;
    const object = this.#placed(target, body);
    const { metadata } = object;
    const { generateName } = metadata as { generateName?: string };
    if (!metadata.name && generateName) metadata.name = generateName.slice(0, 58) + suffix();
    if (!metadata.name) {
      const message = 'Required value: name or generateName is required';
      const causes: Cause[] = [{ field: 'metadata.name', reason: 'FieldValueRequired', message }];
      throw invalid(resource, '', resource.rules ? [...causes, UNCHECKED] : causes);
    }
    if (metadata.resourceVersion) {
      throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
    }
    this.#checkNamespace(target, metadata.name);
    if (resource.status && options.part !== 'all') delete object.status;
    delete metadata.deletionTimestamp;
    if (!options.tracked) delete metadata.managedFields;
    delete (metadata as { selfLink?: string }).selfLink;
    metadata.uid = randomUUID();
    metadata.creationTimestamp = this.#stamp();
    if (resource.generation) metadata.generation = 1;
    else delete metadata.generation;
    this.#complete(target, object, undefined, options);
    const key = objectKey(namespace, metadata.name);
    if (this.store.get(resource, key)) throw alreadyExists(resource, metadata.name);
    if (options.dryRun) return { object, version: 0 };
    return this.store.put(resource, key, object);
  }

  /**
   * The object as it is after the update; unchanged, with its old resourceVersion, when nothing is different.
   * `unconditional`: a patch, which needs no resourceVersion.
   */
  update(target: Target, name: string, body: KubeObject, options: WriteOptions & { unconditional?: boolean }): Entry {
    const { resource, namespace } = target;
    const key = objectKey(namespace, name);
    const entry = this.store.get(resource, key);
    if (!entry) throw notFound(resource, name);
    const before = inVersion(entry.object, resource, target.version);
    const sent = this.#placed(target, body);
    if (sent.metadata.name && sent.metadata.name !== name) {
      throw badRequest(`the name of the object (${sent.metadata.name}) does not match the name on the URL (${name})`);
    }
    sent.metadata.name = name;
    const { uid, resourceVersion } = sent.metadata;
    if (!resourceVersion && !resource.unconditionalUpdate && !options.unconditional) {
      const message = 'Invalid value: 0: must be specified for an update';
      throw invalid({ ...resource, kind: resource.plural }, name, [
        { field: 'metadata.resourceVersion', reason: 'FieldValueInvalid', message },
      ]);
    }
    if (uid && uid !== before.metadata.uid) throw conflict(resource, name, otherUid(target, uid, before));
    if (resourceVersion && resourceVersion !== entry.object.metadata.resourceVersion) throw conflict(resource, name);

    const object = merged(resource, before, sent, options.part);
    if (resource.generation && isDifferent(resource, before, object)) {
      object.metadata.generation = (before.metadata.generation ?? 0) + 1;
    }
    this.#complete(target, object, before, options);
    if (same(asJson(inVersion(object, resource, target.version)), asJson(before))) return entry;
    if (options.dryRun) return { object: inVersion(object, resource, resource.storage), version: entry.version };
    const stored = inVersion(object, resource, resource.storage);
    if (stored.metadata.deletionTimestamp && !stored.metadata.finalizers?.length) {
      this.store.delete(resource, key, stored);
      this.#sweep(namespace);
      return { object: stored, version: this.store.version };
    }
    return this.store.put(resource, key, stored);
  }

  /** What DELETE answers with: the object when it waits for finalizers, otherwise undefined next to what was there. */
  delete(
    target: Target,
    name: string,
    options: { dryRun: boolean; preconditions: Preconditions; foreground?: boolean },
  ): { was: Entry; waiting?: Entry } {
    const { resource, namespace } = target;
    const key = objectKey(namespace, name);
    const was = this.store.get(resource, key);
    if (!was) throw notFound(resource, name);
    checkPreconditions(resource, was, options.preconditions);
    if (was.object.metadata.finalizers?.length) {
      if (options.dryRun || was.object.metadata.deletionTimestamp) return { was, waiting: was };
      const metadata = { ...was.object.metadata, deletionTimestamp: this.#stamp(), deletionGracePeriodSeconds: 0 };
      if (metadata.generation !== undefined) metadata.generation += 1;
      return { was, waiting: this.store.put(resource, key, { ...was.object, metadata }) };
    }
    if (options.dryRun) return { was };
    if (resource.kind === 'Namespace' && resource.group === '') return this.#deleteNamespace(target, was);
    this.store.delete(resource, key);
    this.#sweep(namespace);
    return { was };
  }

  /** A namespace that waits to go goes with the last object in it. */
  #sweep(name: string): void {
    const namespaces = this.#catalog.find('', 'v1', 'namespaces')!;
    const namespace = name ? this.store.get(namespaces, objectKey('', name)) : undefined;
    if (!namespace?.object.metadata.deletionTimestamp) return;
    const inside = this.#catalog.all().filter(({ namespaced, virtual }) => namespaced && !virtual);
    const empty = inside.every(resource => this.store.list(resource, { namespace: name })?.length === 0);
    if (empty) this.store.delete(namespaces, objectKey('', name));
  }

  /** Its content goes first; what has finalizers keeps it Terminating. */
  #deleteNamespace(target: Target, was: Entry): { was: Entry; waiting?: Entry } {
    const { name } = was.object.metadata;
    const left: string[] = [];
    for (const resource of this.#catalog.all()) {
      if (!resource.namespaced || resource.virtual) continue;
      for (const { object } of this.store.list(resource, { namespace: name }) ?? []) {
        const inner = { resource, version: resource.storage, namespace: name };
        const { waiting } = this.delete(inner, object.metadata.name, { dryRun: false, preconditions: {} });
        if (waiting) left.push(object.metadata.name);
      }
    }
    if (left.length === 0) {
      this.store.delete(target.resource, objectKey('', name));
      return { was };
    }
    if (was.object.metadata.deletionTimestamp) return { was, waiting: was };
    const metadata = { ...was.object.metadata, deletionTimestamp: this.#stamp() };
    const object = { ...was.object, metadata, status: { phase: 'Terminating' } };
    return { was, waiting: this.store.put(target.resource, objectKey('', name), object) };
  }

  /** Defaults, validation, field managers, webhook: the same for creation and update. */
  #complete(target: Target, object: KubeObject, before: KubeObject | undefined, options: WriteOptions): void {
    const { resource, version } = target;
    const schema = resource.schema(version);
    resource.defaults?.(object, before);
    if (schema) Object.assign(object, withDefaults(asJson(object), schema));
    const causes: Cause[] = metadataFaults(object);
    if (schema) {
      const { metadata: _, ...rest } = object;
      validate(rest as Json, schema, '', causes, before && asJson(before));
    }
    // A status is checked by itself, and named without the object it is of.
    if (options.part === 'status')
      for (const cause of causes) cause.message = cause.message.replace(/ status\.(\S+ in body)/, ' $1');
    if (resource.rules && causes.some(({ reason }) => BLOCKING.has(reason))) causes.push(UNCHECKED);
    if (causes.length === 0 && resource.rules) causes.push(...resource.rules(object));
    if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
    if (!options.tracked) {
      trackUpdate(before, object, schema, {
        manager: options.manager,
        apiVersion: apiVersion(resource.group, version),
        time: this.#stamp(),
        ...(options.part === 'status' ? { subresource: 'status' } : {}),
      });
    }
    if (options.part !== 'status') this.#admit(object, options.warnings);
    object.apiVersion = apiVersion(resource.group, resource.storage);
  }

  /** A copy whose namespace is the one of the request. */
  #placed({ resource, namespace }: Target, body: KubeObject): KubeObject {
    const metadata = { ...body.metadata };
    if (resource.namespaced) {
      if (metadata.namespace && metadata.namespace !== namespace) {
        throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
      }
      metadata.namespace = namespace;
    } else delete metadata.namespace;
    return { ...body, metadata };
  }

  #checkNamespace({ resource, namespace }: Target, name: string): void {
    if (!resource.namespaced) return;
    const namespaces = this.#catalog.find('', 'v1', 'namespaces')!;
    const found = this.store.get(namespaces, objectKey('', namespace));
    if (!found) throw notFound(namespaces, namespace);
    if (!found.object.metadata.deletionTimestamp) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const what = resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
    throw new ApiError(403, 'Forbidden', `${what} "${name}" is forbidden: ${why}`, {
      name,
      kind: resource.plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    });
  }

  #stamp(): string {
    return new Date(this.#now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

/** What the server takes of `sent`: never identity, and of status and the rest only what the endpoint is for. */
function merged(resource: Resource, before: KubeObject, sent: KubeObject, part: WriteOptions['part']): KubeObject {
  const kept = before.metadata;
  const metadata = part === 'status' && resource.status ? { ...kept } : { ...sent.metadata };
  if (sent.metadata.managedFields) metadata.managedFields = sent.metadata.managedFields;
  for (const field of ['uid', 'creationTimestamp', 'generation', 'deletionTimestamp'] as const) {
    if (kept[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: kept[field] });
  }
  metadata.resourceVersion = kept.resourceVersion!;
  if (!resource.status || part === 'all') return { ...sent, metadata };
  const from = part === 'status' ? before : sent;
  const object: KubeObject = { ...from, metadata };
  const { status } = part === 'status' ? sent : before;
  if (status === undefined) delete object.status;
  else object.status = status;
  return object;
}

/** Whether anything but metadata and status differs: that is what generation counts. */
function isDifferent(resource: Resource, before: KubeObject, after: KubeObject): boolean {
  const desired = (object: KubeObject): JsonObject => {
    const { apiVersion: _version, metadata: _metadata, ...rest } = asJson(object);
    if (resource.status) delete rest.status;
    return rest;
  };
  return !same(desired(before), desired(after));
}

function asJson(object: KubeObject): JsonObject {
  return object as unknown as JsonObject;
}

/** Five letters, as kube-apiserver adds to generateName: no vowels, so that no words come out. */
function suffix(): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}
