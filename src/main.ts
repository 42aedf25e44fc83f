#!/usr/bin/env node
/** Reads how it was started, and runs it; what cannot be is told in sentences. */
import { readFileSync } from 'node:fs';
import { ConfigError } from './config/errors.ts';
import { HELP, readInvocation } from './config/invocation.ts';

async function main(): Promise<void> {
  const start = readInvocation(process.argv.slice(2), process.env);
  if (start.kind === 'help') return void process.stdout.write(`${HELP}\n`);
  if (start.kind === 'version') return void process.stdout.write(`meshbot ${version()}\n`);
  // Loaded only now, so that --help answers at once.
  const { run } = await import('./start/run.ts');
  await run(start.invocation);
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
  const told = error instanceof ConfigError ? error.problems : (await import('./start/remedies.ts')).remedies(error);
  process.stderr.write(`\nmeshbot cannot start:\n\n${told.map(line => `  • ${line}\n`).join('')}\n`);
  if (!(error instanceof ConfigError) && process.env.LOG_LEVEL === 'debug') console.error(error);
  process.exit(1);
}
