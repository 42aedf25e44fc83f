/** One meshbot from start to stop: what is not real is started beside it, and everything ends with it. */
import type { Invocation } from '../config/invocation.ts';
import { systemClock, systemRandom } from '../system.ts';
import { announcement } from './announce.ts';
import { startBot } from './bot.ts';
import { startSurroundings } from './local.ts';
import { newLog } from './log.ts';
import { welcome } from './welcome.ts';

/** Resolves once everything runs and its addresses are printed. Rejects when it cannot start; then nothing is left. */
export async function run(invocation: Invocation): Promise<void> {
  const log = newLog(invocation.logLevel);
  const surroundings = await startSurroundings(invocation);
  const bot = await startBot({
    ...surroundings,
    health: { host: invocation.healthHost, port: invocation.ports.health },
    clock: systemClock,
    random: systemRandom,
    log,
  }).catch(async (error: unknown) => {
    await surroundings.close();
    throw error;
  });
  await welcome(surroundings, (place, view, key) => bot.chat.post(place, view, key));
  process.stdout.write(announcement(surroundings, bot.health.url));

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    // Asked twice: somebody is in a hurry, and nothing is lost by it.
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ signal }, 'stopping');
    await bot.stop();
    await surroundings.close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
