/** Where the lab is: its folder on this machine, and the addresses inside its network namespace. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');

/** Everything that is built or kept is in here. MESHBOT_MESH names another. */
export const FOLDER = process.env.MESHBOT_MESH || join(cache, 'meshbot-mesh');

export const at = (...names: string[]) => join(FOLDER, ...names);
/** What only a running lab has; gone when it is down. */
export const running = (...names: string[]) => at('run', ...names);
export const program = (name: string) => at('bin', name);

/** The project's own root. */
export const PROJECT = join(import.meta.dirname, '../..');

/** Of a lab in another folder than the usual one: both can be up side by side. */
const mark = createHash('sha256').update(FOLDER).digest('hex').slice(0, 8);

/** The network namespace that nothing of the lab can leave. */
export const NETNS = process.env.MESHBOT_MESH ? `meshbot-mesh-${mark}` : 'meshbot-mesh';
export const NETNS_FILE = `/run/netns/${NETNS}`;

/** The one node, and where the default route leads: to nobody. */
export const NODE = { name: 'node1', address: '10.200.0.1', nowhere: '10.200.0.254' };
export const PODS = '10.244.0.0/24';
export const SERVICES = '10.96.0.0/16';
export const DNS = '10.96.0.10';
/** Handed out to Services of type LoadBalancer. RFC 5737: nobody's. */
export const BALANCERS = '203.0.113.';

export const KUBECONFIG = running('kubeconfig');
export const CONTAINERD = running('containerd.sock');

/** Ports on the node. */
export const PORT = {
  kubernetes: 6443,
  zipkin: 9411,
  jaegerSpans: 9412,
  jaeger: 16686,
  prometheus: 9090,
  metrics: 9095,
};
