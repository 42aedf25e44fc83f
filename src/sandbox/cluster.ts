/** The local cluster: a Kubernetes API that holds the Bookinfo shop, and the mesh that serves it. */
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../object.ts';
import type { Clock, Random } from '../ports.ts';
import { bookinfoManifests } from './bookinfo/manifests.ts';
import { type LocalKubernetes, startKubernetes } from './kubernetes/kubernetes.ts';
import { type LocalMesh, startMesh } from './mesh/mesh.ts';

/** Where the local MeshChanges are kept. */
export const OWN_NAMESPACE = 'meshbot';

export interface LocalCluster {
  kubernetes: LocalKubernetes;
  mesh: LocalMesh;
  close(): Promise<void>;
}

export interface ClusterOptions {
  /** 0: any that is free. */
  ports: { kubernetes: number; shop: number };
  /** Visits of the product page per second, so that rates and charts are alive. */
  load: number;
  clock?: Clock;
  random?: Random;
}

/** Throws where a port cannot be had; then nothing is left running. */
export async function startCluster(options: ClusterOptions): Promise<LocalCluster> {
  const kubernetes = await startKubernetes({ port: options.ports.kubernetes });
  try {
    for (const object of [...meshbotManifests(), ...bookinfoManifests()]) kubernetes.apply(object);
    const { clock, random, load } = options;
    const mesh = await startMesh({
      kubernetes,
      port: options.ports.shop,
      load,
      ...(clock && { clock }),
      ...(random && { random }),
    });
    kubernetes.onExec(request => mesh.exec(request));
    return {
      kubernetes,
      mesh,
      async close() {
        await mesh.close();
        await kubernetes.close();
      },
    };
  } catch (error) {
    await kubernetes.close();
    throw error;
  }
}

/** The MeshChange definition and the namespace where MeshChanges are kept. */
export function meshbotManifests(): KubeObject[] {
  const crd = readFileSync(new URL('../../deploy/crd.yaml', import.meta.url), 'utf8');
  return [
    ...(loadAll(crd) as KubeObject[]),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OWN_NAMESPACE } },
  ];
}
