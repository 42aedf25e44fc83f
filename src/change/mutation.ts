/** Whether the cluster would write something else than was planned: an admission webhook may change what passes it. */
import { type KubeObject, refKey } from '../object.ts';
import type { Finding } from '../plan.ts';
import type { Write } from '../ports.ts';
import { sameContent } from './digest.ts';
import { objectName } from './phrases.ts';

/** Code of the finding made here. */
export const MUTATED = 'write-mutated';

/** `object` is the dry run's answer. Metadata is the server's to fill, so only the rest is compared. */
export function mutated({ ref, after }: Write, object: KubeObject): Finding | undefined {
  if (!after || sameContent(after, object)) return undefined;
  return {
    code: MUTATED,
    severity: 'warning',
    path: refKey(ref),
    message: `An admission webhook of the cluster changes what is written to ${objectName(ref)}, so it will differ from the diff`,
    fix: 'Look at the object once it is written; undo will not take it for what was written',
  };
}
