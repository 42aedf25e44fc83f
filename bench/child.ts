/** Runs one bot in a process of its own, so that what is measured shares no event loop with what measures. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Places } from './places.ts';

export interface Child {
  stop(): Promise<void>;
}

/** Resolves when the bot is ready. Rejects when it ends before. */
export async function startChild(kind: 'bare' | 'meshbot', places: Places): Promise<Child> {
  const child = fork(fileURLToPath(import.meta.url), [kind, JSON.stringify(places)], { stdio: 'inherit' });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the ${kind} bot ended with ${code} before it was ready`);
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return { stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function run(kind: string, places: Places): Promise<void> {
  const stop =
    kind === 'bare' ? (await import('./bare-bot.ts')).startBareBot : (await import('./whole-bot.ts')).startWholeBot;
  const end = await stop(places);
  // Whoever measures is gone: nothing of it stays.
  process.on('disconnect', () => process.exit(1));
  process.on('SIGTERM', () => void end().then(() => process.exit(0)));
  process.send?.('ready');
}

const [, main, kind, places] = process.argv;
if (main === fileURLToPath(import.meta.url) && kind && places) await run(kind, JSON.parse(places) as Places);
