/** A network namespace with one node in it, and no way out. */
import { existsSync } from 'node:fs';
import { NETNS, NETNS_FILE, NODE } from '../places.ts';
import { run, runInside } from '../shell.ts';

export const hasNetwork = () => existsSync(NETNS_FILE);

export async function makeNetwork(): Promise<void> {
  const ip = (...args: string[]) => run('ip', ['-n', NETNS, ...args]);
  await run('ip', ['netns', 'add', NETNS]);
  await ip('link', 'set', 'lo', 'up');
  await ip('link', 'add', 'node0', 'type', 'bridge');
  await ip('addr', 'add', `${NODE.address}/24`, 'dev', 'node0');
  await ip('link', 'set', 'node0', 'up');
  // The kubelet wants a default route, and so does what is sent to a load balancer before kube-proxy turns it aside.
  await ip('route', 'add', 'default', 'via', NODE.nowhere);
  await runInside('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
}

export async function removeNetwork(): Promise<void> {
  if (hasNetwork()) await run('ip', ['netns', 'del', NETNS]);
}
