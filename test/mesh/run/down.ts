/** Takes the lab away: its processes, containers, mounts and its network. Programs and images stay. */
import { readdirSync, readFileSync, readlinkSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, running } from '../places.ts';
import { run } from '../shell.ts';
import { alone } from './lock.ts';
import { hasNetwork, removeNetwork } from './network.ts';
import { ctr } from './node.ts';
import { started, stop } from './processes.ts';

/** Nothing happens where there is none. */
export const down = () => alone(takeAway);

/** For whoever is alone already. */
export async function takeAway(): Promise<void> {
  const first = started().filter(name => name !== 'containerd');
  await Promise.all(first.map(name => stop(name)));
  if (started().includes('containerd')) {
    await removeContainers();
    await stop('containerd');
  }
  for (const mount of mounts()) await run('umount', ['-l', mount]);
  if (hasNetwork()) await removeNetwork();
  removeLogLinks();
  rmSync(running(), { recursive: true, force: true });
}

/** Pods outlive the kubelet and containerd unless they are ended. */
async function removeContainers(): Promise<void> {
  const ids = async (what: string) => (await ctr(what, 'ls', '-q').catch(() => '')).split('\n').filter(id => id !== '');
  await Promise.all((await ids('tasks')).map(id => ctr('tasks', 'rm', '-f', id).catch(() => '')));
  await Promise.all((await ids('containers')).map(id => ctr('containers', 'rm', id).catch(() => '')));
}

/** The innermost first. */
function mounts(): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[1] ?? '')
    .filter(path => path.startsWith(`${running()}/`))
    .sort()
    .reverse();
}

/** The kubelet links each log in a folder of the whole machine. */
function removeLogLinks(): void {
  const folder = '/var/log/containers';
  for (const name of entries(folder)) {
    const link = join(folder, name);
    if (targetOf(link).startsWith(FOLDER)) unlinkSync(link);
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
