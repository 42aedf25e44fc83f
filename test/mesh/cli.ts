/** `npm run mesh:build`, `mesh:up`, `mesh:down`, and `npm run mesh -- <command>`, which runs inside. */
import { spawn } from 'node:child_process';
import { whyNot } from './can-run.ts';
import { build } from './make/build.ts';
import { down } from './run/down.ts';
import { isUp, up } from './run/up.ts';
import { inside, LAB_ENV } from './shell.ts';

const tell = (line: string) => process.stdout.write(`${line}\n`);
const [, , deed, ...words] = process.argv;

const why = whyNot();
if (why !== undefined) {
  tell(`Nothing is done. ${why}`);
  process.exit(0);
}
try {
  process.exitCode = await doing();
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
}

async function doing(): Promise<number> {
  switch (deed) {
    case 'build':
      await build(tell);
      return 0;
    case 'up':
      await build(tell);
      if (isUp()) tell('The mesh is up.');
      else await up(tell);
      return 0;
    case 'down':
      await down();
      return 0;
    case 'in':
      if (words.length === 0) throw new Error('Say what to run: npm run mesh -- kubectl get pods');
      if (!isUp()) throw new Error('The mesh is not up: npm run mesh:up');
      return runHere(words);
    default:
      throw new Error(`build, up, down or in; not '${deed ?? ''}'`);
  }
}

function runHere([program = '', ...args]: string[]): Promise<number> {
  const [command, all] = inside(program, args);
  const child = spawn(command, all, { stdio: 'inherit', env: { ...process.env, ...LAB_ENV } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

/** With its causes: what was waited for, and what it failed with. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${told(error.cause)}`;
}
