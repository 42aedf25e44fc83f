#!/usr/bin/env node
/** Reads how it was started, starts what is missing, runs one meshbot, stops cleanly. */
import { readFileSync } from 'node:fs';
import { ConfigError } from './config/errors.ts';
import { HELP, type Invocation, readInvocation } from './config/invocation.ts';
import { announcement } from './start/announce.ts';
import { startBot } from './start/bot.ts';
import { startSurroundings } from './start/local.ts';
import { newLog } from './start/log.ts';
import { remedies } from './start/remedies.ts';
import { welcome } from './start/welcome.ts';
import { systemClock, systemRandom } from './system.ts';

async function main(): Promise<void> {
  const start = readInvocation(process.argv.slice(2), process.env);
  if (start.kind === 'help') return void process.stdout.write(`${HELP}\n`);
  if (start.kind === 'version') return void process.stdout.write(`meshbot ${version()}\n`);
  await run(start.invocation);
}

async function run(invocation: Invocation): Promise<void> {
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

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

try {
  await main();
} catch (error) {
  const told = remedies(error);
  process.stderr.write(`\nmeshbot cannot start:\n\n${told.map(line => `  • ${line}\n`).join('')}\n`);
  if (!(error instanceof ConfigError) && process.env.LOG_LEVEL === 'debug') console.error(error);
  process.exit(1);
}
