/** `npm run test:mesh`: what is held to the real thing. Does what is missing, runs, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { LAB_ALONE, withoutMetrics } from '../truth/undisturbed.ts';
import { whyNot } from './can-run.ts';
import { build } from './make/build.ts';
import { KUBECONFIG, PROJECT } from './places.ts';
import { down } from './run/down.ts';
import { TELEMETRY } from './run/telemetry.ts';
import { isUp, up } from './run/up.ts';
import { inside, LAB_ENV } from './shell.ts';

/** Folders whose tests hold in both worlds. */
const SUITES = ['test/probes', 'test/telemetry/real', 'test/scenarios', 'test/faults'];
/** Random configurations and requests, held against what route() says: `npm run truth`. */
const PAIRS = ['test/truth', '--pairs', '1000', '--seed', '1'];

interface Count {
  passed: number;
  failed: number;
}

const tell = (line: string) => process.stdout.write(`${line}\n`);
const filters = process.argv.slice(2);
const suites = filters.length > 0 ? filters.filter(each => each !== PAIRS[0]) : SUITES;
const withPairs = filters.length === 0 || filters.length !== suites.length;

const own = process.env.MESHBOT_TEST_KUBECONFIG;
/** A lab that was up before stays up. */
const stays = isUp();
const why = own ? undefined : whyNot();
if (why !== undefined) {
  tell(`Skipped. ${why} With MESHBOT_TEST_KUBECONFIG the same tests run on a cluster that you have.`);
  process.exit(0);
}
const { passed, failed } = own ? await all(here, { MESHBOT_TEST_KUBECONFIG: own }) : await inTheLab();
tell(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

async function inTheLab(): Promise<Count> {
  // Whoever is interrupted leaves nothing behind either: the programs that are waited for end, and then the lab.
  process.on('SIGINT', () => {});
  await build(tell);
  if (!stays) await up(tell);
  try {
    return await all(inside, {
      ...LAB_ENV,
      MESHBOT_TEST_KUBECONFIG: KUBECONFIG,
      ...LAB_ALONE,
      MESHBOT_TEST_ZIPKIN: TELEMETRY.zipkin,
      MESHBOT_TEST_JAEGER: TELEMETRY.jaeger,
      MESHBOT_TEST_PROMETHEUS: TELEMETRY.prometheus,
    });
  } finally {
    if (!stays) await down();
  }
}

type Place = (program: string, args: string[]) => [string, string[]];

function here(program: string, args: string[]): [string, string[]] {
  return [program, args];
}

/** One after the other: each wants the mesh for itself, and faults break it for everybody. */
async function all(place: Place, env: Record<string, string>): Promise<Count> {
  const counts: Count[] = [];
  const lines: string[] = [];
  const timed = async (suite: string, work: Promise<Count>) => {
    const begin = performance.now();
    const count = await work;
    counts.push(count);
    const seconds = Math.round((performance.now() - begin) / 1_000);
    lines.push(`  ${suite.padEnd(20)} ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
  };
  for (const suite of suites) await timed(suite, tested(suite, place, env));
  if (withPairs) await timed(PAIRS.join(' '), compared(place, env));
  tell(`\nHeld to the real mesh:\n${lines.join('\n')}`);
  const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}

async function tested(suite: string, place: Place, env: Record<string, string>): Promise<Count> {
  const { code, last } = await ran(place(process.execPath, [`${PROJECT}/test/run.ts`, suite]), env);
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(last) ?? [];
  if (passed === undefined) return { passed: 0, failed: 1 };
  // Whatever else it ended with is a failure too.
  return { passed: Number(passed), failed: Math.max(Number(failed), code === 0 ? 0 : 1) };
}

/** As one test. */
async function compared(place: Place, env: Record<string, string>): Promise<Count> {
  if (own && !process.env.TRUTH_NODE_IMAGE) {
    tell('Pairs are skipped: TRUTH_NODE_IMAGE has to name an image with Node 20 or newer that the cluster can pull.');
    return { passed: 0, failed: 0 };
  }
  const [folder, ...options] = PAIRS;
  const asking = () => ran(place(process.execPath, [`${PROJECT}/${folder}/run.ts`, ...options]), env);
  const { code } = own ? await asking() : await withoutMetrics(stays, asking);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Shown as it comes; `last`: the last line that says something. */
function ran(
  [program, args]: [string, string[]],
  env: Record<string, string>,
): Promise<{ code: number; last: string }> {
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(program, args, {
    cwd: PROJECT,
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { ...process.env, ...colours, ...env, MESHBOT_WORLD: 'mesh' },
  });
  let end = '';
  child.stdout.on('data', chunk => {
    process.stdout.write(chunk);
    end = (end + chunk).slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code: code ?? 1, last: end.trimEnd().split('\n').at(-1) ?? '' }));
  });
}
