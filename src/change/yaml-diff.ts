/** What a write changes in an object, as a YAML diff that a person can check: without the fields that the cluster keeps. */
import { createTwoFilesPatch } from 'diff';
import { dump } from 'js-yaml';
import { type KubeObject, LAST_APPLIED, refKey } from '../object.ts';
import type { Write } from '../ports.ts';
import { CHANGE_ANNOTATION } from './meshchange.ts';

const NOISE = new Set([CHANGE_ANNOTATION, LAST_APPLIED]);
/** Fields of metadata that the cluster keeps for itself, and those that are written out first. */
const APART = new Set([
  ...['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'managedFields', 'selfLink'],
  ...['name', 'namespace', 'labels', 'annotations'],
]);
/** Plans whose diffs are kept, since every redraw of a card needs them again. */
const KEPT = 200;

const cache = new Map<string, string>();

/** A unified diff; `digest` is the plan's, under which it is kept. */
export function diffOf(write: Write, digest: string): string {
  const key = `${digest} ${refKey(write.ref)}`;
  const kept = cache.get(key);
  if (kept !== undefined) return kept;
  const made = unified(write);
  if (cache.size >= KEPT) cache.delete(cache.keys().next().value ?? '');
  cache.set(key, made);
  return made;
}

function unified(write: Write): string {
  const name = `${write.ref.kind.toLowerCase()}/${write.ref.name}`;
  const patch = createTwoFilesPatch(
    write.before ? name : '/dev/null',
    write.after ? name : '/dev/null',
    write.before ? yamlOf(write.before) : '',
    write.after ? yamlOf(write.after) : '',
    undefined,
    undefined,
    { context: 4 },
  );
  // The names stand in the title above it.
  return patch.replace(/^(?:(?:Index: |=|--- |\+\+\+ ).*\n)+/, '').replaceAll('\\ No newline at end of file\n', '');
}

/** The object as people write it: kind, name, labels, annotations and spec. */
function yamlOf(object: KubeObject): string {
  const { apiVersion, kind, metadata, status: _status, ...rest } = object;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => !NOISE.has(name));
  const labels = metadata.labels ?? {};
  const meant = {
    name: metadata.name,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
    // Owners and finalizers too: whatever is written is shown.
    ...Object.fromEntries(Object.entries(metadata).filter(([field]) => !APART.has(field))),
  };
  return dump({ apiVersion, kind, metadata: meant, ...rest }, { lineWidth: -1, noRefs: true });
}
