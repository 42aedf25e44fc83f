/** The mark that a change leaves on what it writes, by which its write is known again. */
import type { KubeObject } from '../object.ts';
import type { Write } from '../ports.ts';
import { sameContent } from './digest.ts';
import { CHANGE_ANNOTATION } from './meshchange.ts';

/** The write with the change's name on the object. A deletion carries no mark. */
export function marked(write: Write, change: string): Write {
  return write.after ? { ...write, after: markedObject(write.after, change) } : write;
}

export function markedObject(object: KubeObject, change: string): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [CHANGE_ANNOTATION]: change } },
  };
}

/**
 * Whether this object is as the change's write left it: 'ours'; or was written by it and changed by somebody else since:
 * 'touched'; or was not written by it: undefined. The mark alone proves the write, because it is made with the planned
 * resourceVersion; unless the object carried it before.
 */
export function writtenBy(change: string, write: Write, found: KubeObject): 'ours' | 'touched' | undefined {
  if (!write.after || found.metadata.annotations?.[CHANGE_ANNOTATION] !== change) return undefined;
  if (found.metadata.resourceVersion === write.before?.metadata.resourceVersion) return undefined;
  if (sameContent(found, write.after)) return 'ours';
  return write.before?.metadata.annotations?.[CHANGE_ANNOTATION] === change ? undefined : 'touched';
}
