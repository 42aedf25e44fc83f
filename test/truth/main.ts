/** `npm run truth`: builds and starts the lab where none is up, runs inside it, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { whyNot } from '../mesh/can-run.ts';
import { build } from '../mesh/make/build.ts';
import { PROJECT } from '../mesh/places.ts';
import { down } from '../mesh/run/down.ts';
import { isUp, up } from '../mesh/run/up.ts';
import { inside, LAB_ENV } from '../mesh/shell.ts';
import { LAB_ALONE, withoutMetrics } from './undisturbed.ts';

const tell = (line: string) => process.stdout.write(`${line}\n`);
const args = [`${PROJECT}/test/truth/run.ts`, ...process.argv.slice(2)];

const own = process.env.MESHBOT_TEST_KUBECONFIG;
const why = own ? undefined : whyNot();
if (why !== undefined) {
  tell(`Skipped. ${why} With MESHBOT_TEST_KUBECONFIG it runs on a cluster that you have.`);
  process.exit(0);
}
try {
  process.exitCode = own ? await run(process.execPath, args, {}) : await inTheLab();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/** A lab that was up before stays up. */
async function inTheLab(): Promise<number> {
  const wasUp = isUp();
  await build(tell);
  if (!wasUp) await up(tell);
  process.once('SIGINT', () => {});
  try {
    return await withoutMetrics(wasUp, () => run(...inside(process.execPath, args), { ...LAB_ENV, ...LAB_ALONE }));
  } finally {
    if (!wasUp) await down();
  }
}

function run(program: string, words: string[], env: Record<string, string>): Promise<number> {
  const child = spawn(program, words, { cwd: PROJECT, stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
  });
}
