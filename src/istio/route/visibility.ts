/** Who may see an object (exportTo), and which of several objects comes first. */
import type { KubeObject } from '../../object.ts';
import { strings } from './json.ts';

/** 0 private to the namespace, 1 exported to it by name, 2 public; undefined: not visible from there. Lower wins. */
export type Rank = 0 | 1 | 2;

/**
 * How an object is visible from `namespace`. Without exportTo it is public (mesh default `*`).
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService-export_to
 */
export function visibility(object: KubeObject, namespace: string): Rank | undefined {
  return rankOf(strings(object.spec?.exportTo), object.metadata.namespace ?? '', namespace);
}

/** A Service says it in an annotation: `networking.istio.io/exportTo: ".,shop"`. */
export function serviceVisible(service: KubeObject, namespace: string): boolean {
  const annotation = service.metadata.annotations?.['networking.istio.io/exportTo'] ?? '';
  const exportTo = annotation
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '');
  return rankOf(exportTo, service.metadata.namespace ?? '', namespace) !== undefined;
}

function rankOf(exportTo: string[], owner: string, namespace: string): Rank | undefined {
  if (exportTo.length === 0 || exportTo.includes('*')) return 2;
  const named = exportTo.map(each => (each === '.' ? owner : each));
  if (!named.includes(namespace)) return undefined;
  return namespace === owner ? 0 : 1;
}

/** Oldest first; of the same second the one whose name, then namespace, comes first: Istio's order of configuration. */
export function byAge(a: KubeObject, b: KubeObject): number {
  return (
    compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compare(a.metadata.name, b.metadata.name) ||
    compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
