/** meshbot's own account with exactly the Roles of deploy/, and a kubeconfig for it. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import { PROJECT } from '../mesh/places.ts';
import type { Kubectl } from './kubectl.ts';

/** Where its Roles are. */
export const WATCHED = ['default', 'istio-system'];

const FILES = ['account.yaml', 'mesh-roles.yaml', 'exec.yaml'].flatMap(name => ['-f', `${PROJECT}/deploy/${name}`]);

/** `server`: as meshbot is to reach the API server; undefined: as everybody does. Path of the kubeconfig. */
export async function openAccount(kubectl: Kubectl, server: string | undefined): Promise<string> {
  await kubectl(['apply', '-f', `${PROJECT}/deploy/namespace.yaml`, ...FILES]);
  const token = (await kubectl(['create', 'token', 'meshbot', '-n', OWN_NAMESPACE, '--duration=4h'])).trim();
  const { clusters } = JSON.parse(await kubectl(['config', 'view', '--raw', '--minify', '-o', 'json'])) as {
    clusters: { cluster: object }[];
  };
  const cluster = { ...clusters[0]?.cluster, ...(server !== undefined && { server }) };
  const file = join(tmpdir(), `meshbot-faults-${process.pid}.kubeconfig`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'mesh', cluster }],
    users: [{ name: 'meshbot', user: { token } }],
    contexts: [{ name: 'mesh', context: { cluster: 'mesh', user: 'meshbot' } }],
    'current-context': 'mesh',
  };
  writeFileSync(file, dump(config), { mode: 0o600 });
  return file;
}

export async function closeAccount(kubectl: Kubectl): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', ...FILES]);
}

export const applyRoles = (kubectl: Kubectl) => kubectl(['apply', ...FILES]);
