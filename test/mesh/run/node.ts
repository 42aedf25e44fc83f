/** The one node: containerd with the lab's images, and the kubelet. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { HUB, IMAGES, imagesDigest, TAG } from '../make/images.ts';
import { at, CONTAINERD, DNS, KUBECONFIG, NODE, PODS, running } from '../places.ts';
import { run, runInside, until } from '../shell.ts';
import { start } from './processes.ts';

/** Pods' network settings are kept under this name. */
const CNI = 'meshbot-mesh';
const STORE = at('containerd');
const IMPORTED = at('containerd.sha256');

export const ctr = (...args: string[]) => run('ctr', ['-a', CONTAINERD, '-n', 'k8s.io', ...args]);

export async function startContainerd(tell: (line: string) => void): Promise<void> {
  writeNetwork();
  writeFileSync(running('containerd.toml'), CONTAINERD_CONFIG);
  start('containerd', 'containerd', ['-c', running('containerd.toml')]);
  await until('containerd', () => ctr('version'));
  await importImages(tell);
}

/** Kept from one start to the next, until the images are made anew. */
async function importImages(tell: (line: string) => void): Promise<void> {
  const digest = imagesDigest();
  if (existsSync(IMPORTED) && readFileSync(IMPORTED, 'utf8') === digest && (await areThere())) return;
  tell('taking the images in …');
  await runInside('ctr', ['-a', CONTAINERD, '-n', 'k8s.io', 'images', 'import', IMAGES]);
  writeFileSync(IMPORTED, digest);
}

function writeNetwork(): void {
  mkdirSync(running('cni'), { recursive: true });
  const bridge = {
    type: 'bridge',
    bridge: 'cni0',
    isGateway: true,
    hairpinMode: true,
    ipam: {
      type: 'host-local',
      dataDir: running('addresses'),
      ranges: [[{ subnet: PODS }]],
      routes: [{ dst: '0.0.0.0/0' }],
    },
  };
  const config = {
    cniVersion: '1.0.0',
    name: CNI,
    plugins: [bridge, { type: 'portmap', capabilities: { portMappings: true } }],
  };
  writeFileSync(running('cni', '10-mesh.conflist'), JSON.stringify(config));
}

// `restrict_oom_score_adj`: lowering the score is forbidden in many containers and virtual machines.
const CONTAINERD_CONFIG = `version = 2
root = "${STORE}"
state = "${running('containerd')}"
[grpc]
  address = "${CONTAINERD}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${STORE}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${HUB}/pause:${TAG}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${running('cni')}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;

/** Where the kubelet has the logs of containers. */
export const POD_LOGS = running('logs');

/** Needs the API server’s certificate, and containerd. */
export function startKubelet(): void {
  // Names that are not the cluster's lead nowhere.
  writeFileSync(running('resolv.conf'), `nameserver ${NODE.nowhere}\n`);
  const config = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // Since 1.35 it refuses cgroups of version 1 unless told.
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    containerRuntimeEndpoint: `unix://${CONTAINERD}`,
    podLogsDir: POD_LOGS,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    resolvConf: running('resolv.conf'),
    clusterDNS: [DNS],
    clusterDomain: 'cluster.local',
    evictionHard: { 'memory.available': '100Mi' },
    // 100 is never: however full the disk, an image that is gone cannot be pulled again.
    imageGCHighThresholdPercent: 100,
  };
  writeFileSync(running('kubelet.yaml'), dump(config));
  start('kubelet', 'kubelet', [
    `--config=${running('kubelet.yaml')}`,
    `--kubeconfig=${KUBECONFIG}`,
    `--root-dir=${running('kubelet')}`,
    `--hostname-override=${NODE.name}`,
    `--node-ip=${NODE.address}`,
  ]);
}

/** A kubelet that found the disk full may have taken some of them away. */
async function areThere(): Promise<boolean> {
  const names = (await ctr('images', 'ls', '-q')).split('\n');
  return ['pause', 'proxyv2', 'pilot', 'coredns'].every(name => names.includes(`${HUB}/${name}:${TAG}`));
}
