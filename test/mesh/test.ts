/** `npm run test:mesh`: what is held to the real thing. Does what is missing, runs, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { whyNot } from './can-run.ts';
import { build } from './make/build.ts';
import { KUBECONFIG, PROJECT } from './places.ts';
import { down } from './run/down.ts';
import { TELEMETRY } from './run/telemetry.ts';
import { isUp, up } from './run/up.ts';
import { inside, LAB_ENV } from './shell.ts';

/** Folders whose tests hold in both worlds. */
const SUITES = ['test/probes', 'test/scenarios'];

const tell = (line: string) => process.stdout.write(`${line}\n`);
const filters = process.argv.slice(2);
const command: [string, ...string[]] = [
  process.execPath,
  `${PROJECT}/test/run.ts`,
  ...(filters.length ? filters : SUITES),
];

const own = process.env.MESHBOT_TEST_KUBECONFIG;
const why = own ? undefined : whyNot();
if (why !== undefined) {
  tell(`Skipped. ${why} With MESHBOT_TEST_KUBECONFIG the same tests run on a cluster that you have.`);
  process.exit(0);
}
process.exitCode = own ? await tested(command, { MESHBOT_TEST_KUBECONFIG: own }) : await inTheLab();

/** A lab that was up before stays up. */
async function inTheLab(): Promise<number> {
  const wasUp = isUp();
  // Whoever is interrupted leaves nothing behind either: the programs that are waited for end, and then the lab.
  process.on('SIGINT', () => {});
  await build(tell);
  if (!wasUp) await up(tell);
  try {
    const [program, args] = inside(command[0], command.slice(1));
    return await tested([program, ...args], {
      ...LAB_ENV,
      MESHBOT_TEST_KUBECONFIG: KUBECONFIG,
      MESHBOT_TEST_ZIPKIN: TELEMETRY.zipkin,
      MESHBOT_TEST_JAEGER: TELEMETRY.jaeger,
      MESHBOT_TEST_PROMETHEUS: TELEMETRY.prometheus,
    });
  } finally {
    if (!wasUp) await down();
  }
}

function tested([program, ...args]: [string, ...string[]], env: Record<string, string>): Promise<number> {
  const child = spawn(program, args, {
    cwd: PROJECT,
    stdio: 'inherit',
    env: { ...process.env, ...env, MESHBOT_WORLD: 'mesh' },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
  });
}
