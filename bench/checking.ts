/** B7: one edit in a mesh of 10,000 VirtualServices: how long until it is planned and its result is checked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChangeCommand, PlanningContext } from '../src/command.ts';
import { CHECKS, newFindings } from '../src/istio/checks/index.ts';
import { Overlay } from '../src/istio/overlay.ts';
import { World } from '../src/istio/world.ts';
import { type KubeObject, refOf } from '../src/object.ts';
import type { Write } from '../src/ports.ts';
import { loadCommands } from '../src/registry.ts';
import { loadTemplates } from '../src/template/load.ts';
import { crowd } from './crowd.ts';
import { ms, type Outcome, quantile, type Unmeasured } from './figures.ts';
import { findIstioctl, timeAnalyze } from './kubectl.ts';

const VIRTUAL_SERVICES = 10_000;
/** Edits of each verb that are looked at, each of another service. */
const EDITS = 300;
const WARM = 50;
/** ms. */
const BOUND = 20;
/** ‰ of what a run over the whole mesh takes, as `istioctl analyze` makes one, that one edit may take. */
const PART = 10;

const LINES: Record<string, (service: string) => Record<string, unknown>> = {
  shift: service => ({ service, version: 'v2', percent: 30 }),
  route: service => ({ service, version: 'v2', path: '/beta' }),
  mirror: service => ({ service, version: 'v2', percent: 10 }),
};

export async function checking(): Promise<(Outcome | Unmeasured)[]> {
  const objects = crowd({ virtualServices: VIRTUAL_SERVICES, services: VIRTUAL_SERVICES }).map(whole);
  const world = new World(objects);
  const context = contextOf(world);
  const planning: number[] = [];
  const checks: number[] = [];
  for (const [verb, values] of Object.entries(LINES)) {
    const command = await commandOf(verb);
    for (let index = 0; index < WARM + EDITS; index++) {
      const typed = values(`svc-${(index * 31) % VIRTUAL_SERVICES}`);
      const began = performance.now();
      const made = command.plan(typed as never, context);
      const first = performance.now() - began;
      // What else runs on the machine takes its turns: the faster of two tries counts.
      const took = Math.min(
        first,
        timed(() => command.plan(typed as never, context)),
      );
      if (made.kind !== 'plan') throw new Error(`${verb} ${JSON.stringify(typed)}: ${JSON.stringify(made)}`);
      const { writes } = made.plan;
      const check = () => newFindings(world, new Overlay(world, writes), writes);
      const checked = Math.min(timed(check), timed(check));
      if (index < WARM) continue;
      planning.push(took);
      checks.push(checked);
    }
  }
  const wholeRun = wholeMesh(objects);
  const figures = {
    edits: `${planning.length} of ${Object.keys(LINES).join(', ')}`,
    objects: `${world.size}`,
    'planned and checked, median': ms(quantile(planning, 0.5)),
    p99: ms(quantile(planning, 0.99)),
    'checks alone, median': `${quantile(checks, 0.5).toFixed(3)} ms`,
    'checks alone, p99': ms(quantile(checks, 0.99)),
    'whole mesh': ms(wholeRun),
    'whole ÷ one': `${Math.round(wholeRun / quantile(checks, 0.5))}`,
  };
  return [
    await besideAnalyze(objects, quantile(planning, 0.99)),
    {
      name: 'B7 one edit',
      what: 'ms until an edit is planned and checked, p99',
      value: quantile(planning, 0.99),
      bound: BOUND,
      figures,
    },
    {
      name: 'B7 against the whole mesh',
      what: 'checks of one edit, p99, as ‰ of the same checks over every object',
      value: (1_000 * quantile(checks, 0.99)) / wholeRun,
      bound: PART,
      figures: {},
    },
  ];
}

/** What an engineer would run over the same objects before an edit: the real `istioctl analyze`, as a process. */
async function besideAnalyze(objects: KubeObject[], mine: number): Promise<Outcome | Unmeasured> {
  const name = 'B7 beside istioctl analyze';
  const istioctl = findIstioctl();
  if (!istioctl) {
    const why = 'there is no istioctl: neither in the lab (npm run mesh:build) nor on PATH; MESHBOT_ISTIOCTL names one';
    return { name, why };
  }
  const folder = mkdtempSync(join(tmpdir(), 'meshbot-bench-'));
  try {
    const file = join(folder, 'mesh.yaml');
    // JSON is YAML, and read faster.
    writeFileSync(file, objects.map(object => JSON.stringify(object)).join('\n---\n'));
    const { took, said } = await timeAnalyze(istioctl, file);
    return {
      name,
      what: 'one edit planned and checked, p99, as ‰ of istioctl analyze over the same objects',
      value: (1_000 * mine) / took,
      bound: PART,
      figures: {
        meshbot: ms(mine),
        'istioctl analyze': ms(took),
        objects: `${objects.length}`,
        said: said.trim().split('\n').at(-1)!.slice(0, 80),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** ms. Every object looked at, whatever was edited: what a run that knows of no edit has to do. */
function wholeMesh(objects: KubeObject[]): number {
  const world = new World(objects);
  const writes = objects.map((after): Write => ({ ref: refOf(after), after }));
  const context = { before: world, after: world, writes };
  // Too long to be lucky: what else runs on the machine is left out by counting the processor's time.
  const began = process.cpuUsage();
  for (const check of CHECKS) if (check.about === 'state') check.find(world, context);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function contextOf(world: World): PlanningContext {
  const templates = loadTemplates([fileURLToPath(new URL('../templates/', import.meta.url))]);
  return { world, templates, namespace: 'default', probes: {}, changes: [] };
}

async function commandOf(verb: string): Promise<ChangeCommand> {
  const command = (await loadCommands()).get(verb);
  if (command?.kind !== 'change') throw new Error(`there is no verb ${verb}`);
  return command;
}

/** What the API server adds. */
function whole(object: KubeObject, index: number): KubeObject {
  const metadata = { uid: `u${index}`, resourceVersion: `${index}`, creationTimestamp: '2026-01-01T00:00:00Z' };
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}
