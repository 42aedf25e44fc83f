/** The objects with which the local cluster begins: the mesh, the Bookinfo shop, its first routing. */
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../object.ts';
import { podsOf } from './pods.ts';

const FILES = ['namespaces', 'control-plane', 'shop', 'clients', 'traffic'] as const;

/** In an order in which they can be created. New objects each time, so nobody shares them. */
export function bookinfoManifests(): KubeObject[] {
  const objects = FILES.flatMap(read);
  const injected = new Set(
    objects
      .filter(({ kind, metadata }) => kind === 'Namespace' && metadata.labels?.['istio-injection'] === 'enabled')
      .map(({ metadata }) => metadata.name),
  );
  return objects.flatMap(object =>
    object.kind === 'Deployment'
      ? [object, ...podsOf(object, injected.has(object.metadata.namespace ?? ''))]
      : [object],
  );
}

function read(file: (typeof FILES)[number]): KubeObject[] {
  return loadAll(readFileSync(new URL(`./${file}.yaml`, import.meta.url), 'utf8')) as KubeObject[];
}
