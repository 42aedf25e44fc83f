/** Where a benchmark is made: a cluster with a crowd of services, and what is seen of it from outside meshbot. */
import type { ClusterAddress } from '../src/kubernetes/config.ts';
import type { KubeObject } from '../src/object.ts';
import { type Crowd, startCrowd } from './crowd.ts';

export interface Ground {
  /** For the bot. */
  cluster: ClusterAddress;
  /** Of the crowd. */
  namespace: string;
  /** Text, for kubectl. */
  kubeconfig(): string;
  /** A VirtualService as it is now. */
  live(name: string): Promise<KubeObject>;
  /** Resolves with performance.now() of the next write of a VirtualService. */
  written(name: string): Promise<number>;
  close(): Promise<void>;
}

/** The local Kubernetes API. */
export async function localGround(size: Crowd): Promise<Ground> {
  const kubernetes = await startCrowd(size);
  return {
    cluster: { kind: 'server', server: kubernetes.url },
    namespace: 'default',
    kubeconfig: () => kubernetes.kubeconfig(),
    async live(name) {
      return kubernetes.list('VirtualService', 'default').find(({ metadata }) => metadata.name === name)!;
    },
    written: name =>
      new Promise(resolve => {
        const end = kubernetes.onChange((_type, object) => {
          if (object.kind !== 'VirtualService' || object.metadata.name !== name) return;
          end();
          resolve(performance.now());
        });
      }),
    close: () => kubernetes.close(),
  };
}
