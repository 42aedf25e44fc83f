/** What a writer expects an object to be, and how it is told that it is not. */
import type { KubeObject } from '../../object.ts';
import type { Resource } from './resources.ts';
import { outdated } from './status-errors.ts';
import type { Entry } from './store.ts';
import type { Target } from './target.ts';

export interface Preconditions {
  uid?: string;
  resourceVersion?: string;
}

/** uid and resourceVersion that a deletion expects. 409 where they are others. */
export function checkPreconditions(resource: Resource, { object }: Entry, wanted: Preconditions): void {
  const { name, uid, resourceVersion } = object.metadata;
  const isOther = (what: string, other: string, is: string | undefined) =>
    `the ${what} in the precondition (${other}) does not match the ${what} in record (${is}).`;
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    const why = `${isOther('UID', wanted.uid, uid)} The object might have been deleted and then recreated`;
    throw outdated(resource, name, why);
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    const why = `${isOther('ResourceVersion', wanted.resourceVersion, resourceVersion)} The object might have been modified`;
    throw outdated(resource, name, why);
  }
}

/** Said by the storage, which knows objects by their keys in etcd. */
export function otherUid({ resource, namespace }: Target, uid: string, { metadata }: KubeObject): string {
  const key = ['', 'registry', resource.group, resource.plural, namespace, metadata.name].filter(
    (part, at) => at === 0 || part,
  );
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  return `StorageError: invalid object, Code: 4, Key: ${key.join('/')}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
}
