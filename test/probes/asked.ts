/** The Kubernetes API that is asked: the local one, or with MESHBOT_WORLD=mesh a real one. */

import { fileURLToPath } from 'node:url';
import { startCluster } from '../../src/sandbox/cluster.ts';
import { run } from '../mesh/shell.ts';
import { Api } from './api.ts';
import { STRANGER } from './suites/rights.ts';

export interface Asked {
  api: Api;
  isReal: boolean;
  close(): Promise<void>;
}

const CRD = fileURLToPath(new URL('../../deploy/crd.yaml', import.meta.url));

/** ms without an event after which a watch has told all. */
const SILENCE = { local: 60, real: 1_500 };

export async function askedApi(): Promise<Asked> {
  if (process.env.MESHBOT_WORLD === 'mesh') {
    const path = process.env.MESHBOT_TEST_KUBECONFIG ?? '';
    await run('kubectl', ['--kubeconfig', path, 'apply', '-f', CRD]);
    const api = new Api({ kind: 'kubeconfig', path }, SILENCE.real);
    return { api, isReal: true, close: () => api.close() };
  }
  const cluster = await startCluster({ ports: { kubernetes: 0, shop: 0 }, load: 0 });
  cluster.kubernetes.rights.deny({ user: STRANGER });
  const api = new Api({ kind: 'server', server: cluster.kubernetes.url }, SILENCE.local);
  return {
    api,
    isReal: false,
    async close() {
      await api.close();
      await cluster.close();
    },
  };
}
