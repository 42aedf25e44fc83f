/** Runs inside the mesh: random configurations and requests through real proxies, held against route(). See main.ts. */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { World } from '../../src/istio/world.ts';
import { localAdmission, refusalOf } from './admission.ts';
import { analyzed, type Compared } from './analyze.ts';
import { type Case, moved, slotName } from './case.ts';
import { Coverage } from './coverage.ts';
import { Disturbed } from './disturbed.ts';
import { caseOf, fixtures, keep, settingOf } from './fixture.ts';
import { drawCase } from './generate/case.ts';
import { spoiled } from './generate/spoiled.ts';
import { type Round, runBatch, type Verdict } from './lab/batch.ts';
import { inLanes, removeLab, startLab } from './lab/lab.ts';
import { textOf } from './outcome.ts';
import { Draw } from './random.ts';
import { written, writtenApart } from './report.ts';
import { drawSetting, type Setting } from './setting.ts';
import { madeSmall } from './small.ts';
import { SLOT_KINDS } from './surroundings.ts';

const { values } = parseArgs({
  options: {
    /** Of a configuration and a request. */
    pairs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** Configurations that are in the mesh at once, and requests to each. */
    cases: { type: 'string', default: '160' },
    probes: { type: 'string', default: '8' },
    /** No batch begins later than that. */
    minutes: { type: 'string', default: '60' },
    /** Wrong objects that are tried beside each batch. */
    spoiled: { type: 'string', default: '40' },
    /** Asks `istioctl analyze` as well. */
    analyze: { type: 'boolean', default: false },
    /** Leaves the surroundings for the next run. */
    keep: { type: 'boolean', default: false },
    out: { type: 'string', default: 'build/truth' },
  },
});
const seed = Number(values.seed);
const wanted = Number(values.pairs);
const probes = Number(values.probes);
/** Never more than the run is long, and enough to ask every fixture. */
const cases = Math.min(Number(values.cases), Math.max(2 * SLOT_KINDS, Math.ceil(wanted / probes)));
const tell = (line: string) => process.stdout.write(`${line}\n`);

/** So many disagreements of a run are made small; the others are kept as they are. */
const SHRUNK = 3;

/** Batches that may break off, as a busy cluster answers late. */
const PATIENCE = 3;

const began = Date.now();
const seconds = () => Math.round((Date.now() - began) / 1000);
const total = { pairs: 0, wrong: 0, stale: 0, refused: 0, judged: 0, apart: 0, shrunk: 0, broken: 0, disturbed: 0 };
const analysis = new Map<string, Compared>();
const coverage = new Coverage();
let judging: Promise<void> = Promise.resolve();
const lab = await startLab(cases);
const admission = await localAdmission();
tell(`the surroundings are ready after ${seconds()} s`);
try {
  await replay();
  for (let number = 1; total.pairs < wanted && seconds() < 60 * Number(values.minutes); number += 1) {
    await batch(number).catch(error => {
      total.broken += 1;
      total.disturbed += Number(error instanceof Disturbed);
      tell(`batch ${number} broke off: ${error}`);
      if (total.broken > PATIENCE) throw error;
    });
  }
  await judging;
} finally {
  await admission.close();
  await lab.close();
  if (!values.keep) await removeLab();
}
for (const line of coverage.lines()) tell(line);
tell(
  `${total.pairs} pairs, ${total.wrong} disagreements, ${total.stale} where istiod had left something old, ` +
    `${total.disturbed} batches that somebody else wrote into; ${total.judged} objects judged, ${total.refused} of them refused, ${total.apart} differently by the local API; ${seconds()} s, seed ${seed}`,
);
for (const [code, { level, objects, ours, example }] of [...analysis].sort()) {
  tell(
    `${code} ${level}: istioctl of ${objects} objects, our checks of ${ours} of them${example ? `; ${example}` : ''}`,
  );
}
process.exit(total.wrong + total.apart + total.disturbed > 0 ? 1 : 0);

async function batch(number: number): Promise<void> {
  const draw = new Draw(seed * 10_000 + number);
  const count = Math.min(cases, Math.ceil((wanted - total.pairs) / probes));
  // First of all, so that a shorter run begins like a longer one.
  const setting = drawSetting(draw);
  const drawn = Array.from({ length: count }, (_, index) => drawCase(draw, index, probes));
  const round = await runBatch(lab, drawn, { number: Date.now(), setting });
  // Beside the next batch: it takes its time, and meets nothing of it.
  const before = judging;
  judging = before.then(() => judge(draw, number, drawn, round));
  const made = drawn.flatMap(each => each.made).map(({ object }) => object);
  const told = values.analyze ? await analyzed(new World(lab.standing), round.world, made) : undefined;
  for (const [code, row] of told ?? []) {
    const sum = analysis.get(code) ?? { level: row.level, objects: 0, ours: 0 };
    analysis.set(code, { ...row, ...sum, objects: sum.objects + row.objects, ours: sum.ours + row.ours });
  }

  const wrong = round.verdicts.filter(each => each.said.length > 0).length;
  for (const { found, probe } of round.verdicts) coverage.add(round.world, found, probe);
  total.pairs += round.verdicts.length;
  total.wrong += wrong;
  total.stale += round.stale.length;
  const sent = round.verdicts.reduce((sum, each) => sum + each.seen.length, 0);
  tell(
    `batch ${number}: ${round.verdicts.length} pairs, ${sent} requests, ${wrong} disagreements, ${round.stale.length} stale; ` +
      `${seconds()} s (${round.took}), load ${loadavg()[0]!.toFixed(1)}`,
  );
  written(values.out, number, round);
  const once = new Map(
    round.verdicts.filter(each => each.said.length > 0).map(verdict => [verdict.found.slot, verdict]),
  );
  for (const verdict of once.values()) {
    if (total.shrunk >= SHRUNK) break;
    total.shrunk += 1;
    await small(verdict, setting);
  }
}

/** What the real API server refuses the local one refuses too, and nothing else. */
async function judge(draw: Draw, number: number, drawn: Case[], round: Round): Promise<void> {
  const judged = await judgedObjects(draw, number, drawn, round);
  const apart = await admission.compare(judged);
  total.refused += judged.filter(each => each.refusal !== undefined).length;
  total.judged += judged.length;
  total.apart += apart.length;
  writtenApart(values.out, number, apart);
}

async function small(verdict: Verdict, setting: Setting): Promise<void> {
  const { fixture, told } = await madeSmall(lab, verdict, setting, cases);
  const name = `small-${total.shrunk}-seed${seed}.yaml`;
  keep(values.out, name, fixture);
  tell(`  ${told}: ${values.out}/${name}`);
}

/** What once disagreed is asked first. */
async function replay(): Promise<void> {
  const kept = fixtures();
  const settings = new Map(kept.map(({ fixture }) => [textOf(settingOf(fixture)), settingOf(fixture)]));
  for (const [text, setting] of settings) {
    let waiting = kept
      .filter(({ fixture }) => textOf(settingOf(fixture)) === text)
      .map(({ fixture }) => caseOf(fixture));
    while (waiting.length > 0) {
      const [found, left] = placed(waiting);
      const round = await runBatch(lab, found, { number: Date.now(), setting });
      const wrong = round.verdicts.filter(each => each.said.length > 0).length;
      total.wrong += wrong;
      written(values.out, 0, round);
      tell(`${found.length} fixtures: ${round.verdicts.length} pairs, ${wrong} disagreements; ${seconds()} s`);
      waiting = left;
    }
  }
}

/** Those of the batch, and some that are spoiled, with what the real API server said of them. */
async function judgedObjects(draw: Draw, number: number, drawn: Case[], round: Round) {
  const many = Number(values.spoiled);
  const bad = spoiled(draw, drawn, many, (number - 1) * many);
  return [
    ...drawn
      .flatMap(each => each.made)
      .map(({ object }) => ({
        object,
        refusal: round.refused.find(each => each.object === object)?.why,
      })),
    ...(await inLanes(bad, 4, async object => ({ object, refusal: await refusalOf(lab.api, object) }))),
  ];
}

/** As many as fit, each in a slot like its own, and those that do not. */
function placed(waiting: Case[]): [Case[], Case[]] {
  const free = new Set(Array.from({ length: cases }, (_, index) => index));
  const found: Case[] = [];
  const left: Case[] = [];
  for (const each of waiting) {
    const index = [...free].find(slot => slot % SLOT_KINDS === Number(each.slot.slice(1)) % SLOT_KINDS);
    if (index === undefined) left.push(each);
    else {
      free.delete(index);
      found.push(moved(each, slotName(index)));
    }
  }
  return [found, left];
}
