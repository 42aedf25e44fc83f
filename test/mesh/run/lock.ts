/** Only one process at a time starts or stops the lab. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, FOLDER } from '../places.ts';
import { startOf } from './processes.ts';

const LOCK = at('lock');

/** ms that another may take; a first start takes the longest. */
const PATIENCE = 240_000;

/** Waits for whoever is at it. What a process that is gone has left is no lock. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(FOLDER, { recursive: true });
  const end = Date.now() + PATIENCE;
  while (!take()) {
    const holder = heldBy();
    if (holder === undefined) rmSync(LOCK, { force: true });
    else if (Date.now() > end) throw new Error(`Process ${holder} is starting or stopping the mesh; ${LOCK} says so.`);
    else await sleep(250);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function take(): boolean {
  try {
    writeFileSync(LOCK, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function heldBy(): number | undefined {
  try {
    const [pid, since] = readFileSync(LOCK, 'utf8').split(' ');
    return startOf(Number(pid)) === since ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}
