/** Programs of the running lab: started inside it, each with its log, found again by other processes to be stopped. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, running } from '../places.ts';
import { inside, LAB_ENV } from '../shell.ts';

const pidFile = (name: string) => running(`${name}.pid`);

/** It lives on when this process ends. Its output goes to `log/<name>.log`. */
export function start(name: string, program: string, args: string[]): void {
  mkdirSync(at('log'), { recursive: true });
  const log = openSync(at('log', `${name}.log`), 'w');
  const [command, words] = inside(program, args);
  const child = spawn(command, words, {
    cwd: at(),
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...LAB_ENV },
  });
  child.on('error', cause => {
    throw new Error(`${program} could not be started`, { cause });
  });
  child.unref();
  if (child.pid === undefined) return;
  writeFileSync(pidFile(name), `${child.pid} ${startOf(child.pid)}`);
}

/** ms that a killed program may take to go: a large one takes some tenths of a second. */
const GOING = 10_000;

/**
 * TERM, and KILL for what is still there after `patience` ms. Nothing happens to what is not running. What even KILL does
 * not end is waiting for a mount, and goes with that.
 */
export async function stop(name: string, patience = 3_000): Promise<void> {
  if (!existsSync(pidFile(name)) || hasEnded(name)) return;
  process.kill(recorded(name).pid, 'SIGTERM');
  if (!(await isGoneWithin(name, patience))) await killed(name);
}

/** KILL, and back once it is gone. Whoever starts it again does so under the same name. Throws when it does not go. */
export async function kill(name: string): Promise<void> {
  if (!(await killed(name))) throw new Error(`${name} was killed ${GOING / 1_000} s ago and is still there`);
}

async function killed(name: string): Promise<boolean> {
  if (!hasEnded(name)) process.kill(recorded(name).pid, 'SIGKILL');
  return isGoneWithin(name, GOING);
}

async function isGoneWithin(name: string, patience: number): Promise<boolean> {
  for (const end = Date.now() + patience; !hasEnded(name); ) {
    if (Date.now() > end) return false;
    await sleep(10);
  }
  return true;
}

/** What `work` comes to. Throws as soon as one of the programs has ended, which none of them should. */
export async function whileAllRun<T>(work: () => Promise<T>, names: () => string[] = started): Promise<T> {
  const done = new AbortController();
  const watching = async (): Promise<never> => {
    for (;;) {
      const name = names().find(hasEnded);
      if (name !== undefined) throw new Error(`${name} has ended; ${at('log', `${name}.log`)} says why`);
      await sleep(250, undefined, { signal: done.signal });
    }
  };
  try {
    return await Promise.race([work(), watching()]);
  } finally {
    done.abort();
  }
}

/** A process id is used again some day: only the process that was started counts. */
function hasEnded(name: string): boolean {
  const { pid, since } = recorded(name);
  return since === '' || startOf(pid) !== since;
}

function recorded(name: string): { pid: number; since: string } {
  const [pid, since = ''] = readFileSync(pidFile(name), 'utf8').split(' ');
  return { pid: Number(pid), since };
}

export function started(): string[] {
  if (!existsSync(running())) return [];
  return readdirSync(running())
    .filter(file => file.endsWith('.pid'))
    .map(file => basename(file, '.pid'));
}

/**
 * When the process began, in ticks since boot; '' when there is none, or only its remains. Killed, its first thread may
 * be a zombie while others still hold its memory and its ports: then it is there. proc(5), fields 3, 20 and 22.
 */
export function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' && Number(fields[17]) <= 1 ? '' : fields[19]!;
  } catch {
    return '';
  }
}
