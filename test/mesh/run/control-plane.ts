/** etcd, the API server, the controllers, the scheduler and kube-proxy. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { KUBECONFIG, NODE, PODS, PORT, running, SERVICES } from '../places.ts';
import { kubectl, until } from '../shell.ts';
import { start, whileAllRun } from './processes.ts';

/** From inside the lab; its gateway speaks JSON too. */
export const ETCD = 'http://127.0.0.1:2379';
const ISSUER = 'https://kubernetes.default.svc';

/** Answers once the API server is ready. */
export async function startControlPlane(): Promise<void> {
  writeKeys();
  writeKubeconfig();
  startEtcd();
  await startApiServer();
  const config = `--kubeconfig=${KUBECONFIG}`;
  start('controllers', 'kube-controller-manager', [
    config,
    `--service-account-private-key-file=${running('sa.key')}`,
    `--root-ca-file=${running('certs', 'apiserver.crt')}`,
    '--leader-elect=false',
  ]);
  start('scheduler', 'kube-scheduler', [config, '--leader-elect=false']);
  startKubeProxy();
}

function writeKeys(): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(running('sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(running('sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
}

function writeKubeconfig(): void {
  const token = randomBytes(24).toString('hex');
  writeFileSync(running('tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  const server = `https://${NODE.address}:${PORT.kubernetes}`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    // The API server makes its own certificate when it starts.
    clusters: [{ name: 'mesh', cluster: { server, 'certificate-authority': running('certs', 'apiserver.crt') } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'mesh', context: { cluster: 'mesh', user: 'admin', namespace: 'default' } }],
    'current-context': 'mesh',
  };
  writeFileSync(KUBECONFIG, dump(config), { mode: 0o600 });
}

function startEtcd(): void {
  start('etcd', 'etcd', [
    `--data-dir=${running('etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    '--listen-peer-urls=http://127.0.0.1:2380',
  ]);
}

/** Answers once it is ready. */
export async function startApiServer(): Promise<void> {
  start('apiserver', 'kube-apiserver', [
    `--etcd-servers=${ETCD}`,
    `--cert-dir=${running('certs')}`,
    `--secure-port=${PORT.kubernetes}`,
    `--advertise-address=${NODE.address}`,
    `--service-cluster-ip-range=${SERVICES}`,
    `--service-account-key-file=${running('sa.pub')}`,
    `--service-account-signing-key-file=${running('sa.key')}`,
    `--service-account-issuer=${ISSUER}`,
    `--api-audiences=${ISSUER},istio-ca`,
    `--token-auth-file=${running('tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--kubelet-preferred-address-types=InternalIP',
    '--allow-privileged',
  ]);
  const ready = () => until('the API server', () => kubectl('get', '--raw', '/readyz'));
  await whileAllRun(ready, () => ['apiserver']);
}

function startKubeProxy(): void {
  const untouched = '0s';
  const config = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: KUBECONFIG },
    mode: 'iptables',
    clusterCIDR: PODS,
    // These are the whole machine's; the lab leaves them as they are.
    conntrack: { maxPerCore: 0, min: 0, tcpCloseWaitTimeout: untouched, tcpEstablishedTimeout: untouched },
    iptables: { minSyncPeriod: '100ms' },
    hostnameOverride: NODE.name,
    nodeIPOverride: [NODE.address],
  };
  writeFileSync(running('kube-proxy.yaml'), dump(config));
  start('kube-proxy', 'kube-proxy', [`--config=${running('kube-proxy.yaml')}`]);
}
