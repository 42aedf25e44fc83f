/** Runs programs: outside the lab, inside its network namespace, and until they succeed. */
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, KUBECONFIG, NETNS_FILE } from './places.ts';

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
}

/** Lines of a program's output that its error quotes. */
const QUOTED = 15;

/** What it printed. Throws, quoting the last lines, when it fails. */
export async function run(program: string, args: string[], { cwd, env, input }: RunOptions = {}): Promise<string> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  let printed = '';
  let all = '';
  child.stdout.on('data', chunk => {
    printed += chunk;
    all += chunk;
  });
  child.stderr.on('data', chunk => {
    all += chunk;
  });
  // A program that ends before it has read everything says why by itself.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve(status ?? signal ?? 'no status'));
  });
  if (code === 0) return printed;
  const tail = all.trimEnd().split('\n').slice(-QUOTED).join('\n');
  throw new Error(`${program} ${args.join(' ')} failed (${code}):\n${tail}`);
}

/** The lab's own programs come first. */
export const LAB_ENV: Record<string, string> = {
  PATH: `${at('bin')}${delimiter}${process.env.PATH ?? ''}`,
  KUBECONFIG,
};

/** `nsenter`, not `ip netns exec`, which hides the cgroups from kubelet and containerd. */
export const inside = (program: string, args: string[]): [string, string[]] => [
  'nsenter',
  [`--net=${NETNS_FILE}`, program, ...args],
];

export function runInside(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  const [command, words] = inside(program, args);
  return run(command, words, { ...options, env: { ...LAB_ENV, ...options.env } });
}

export function kubectl(...args: string[]): Promise<string> {
  return runInside('kubectl', args);
}

export function applyText(text: string, ...args: string[]): Promise<string> {
  return runInside('kubectl', ['apply', ...args, '-f', '-'], { input: text });
}

/** Tries until it succeeds; after `patience` ms throws what it failed with last. */
export async function until<T>(what: string, attempt: () => Promise<T>, patience = 60_000): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (Date.now() > end) throw new Error(`gave up waiting for ${what}`, { cause });
    }
    await sleep(100);
  }
}
