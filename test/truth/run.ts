/** `npm run truth -- --pairs N --seed S`: random configurations and requests through a real mesh, held against route(). */
import { parseArgs } from 'node:util';
import { drawCase } from './generate/case.ts';
import { runBatch } from './lab/batch.ts';
import { removeLab, startLab } from './lab/lab.ts';
import { Draw } from './random.ts';
import { written } from './report.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '80' },
    probes: { type: 'string', default: '5' },
    keep: { type: 'boolean', default: false },
    out: { type: 'string', default: 'build/truth' },
  },
});
const [wanted, seed, cases, probes] = [values.pairs, values.seed, values.cases, values.probes].map(Number) as [
  number,
  number,
  number,
  number,
];
const tell = (line: string) => process.stdout.write(`${line}\n`);

const began = Date.now();
const lab = await startLab(cases);
tell(`the surroundings are ready after ${seconds()} s`);
let pairs = 0;
let wrong = 0;
let refusals = 0;
try {
  for (let number = 1; pairs < wanted; number += 1) {
    const draw = new Draw(seed * 10_000 + number);
    const count = Math.min(cases, Math.ceil((wanted - pairs) / probes));
    const drawn = Array.from({ length: count }, (_, index) => drawCase(draw, index, probes));
    const mode = draw.pick(['ALLOW_ANY', 'REGISTRY_ONLY'] as const);
    const round = await runBatch(lab, drawn, { number: number + (Date.now() % 1e9) * 100, mode });
    const found = round.verdicts.filter(each => each.said.length > 0);
    pairs += round.verdicts.length;
    wrong += found.length;
    refusals += round.refused.length;
    const sent = round.verdicts.reduce((sum, each) => sum + each.seen.length, 0);
    tell(
      `batch ${number}: ${round.verdicts.length} pairs, ${sent} requests, ${found.length} disagreements, ${round.refused.length} objects refused, ${seconds()} s`,
    );
    written(values.out, number, round);
  }
} finally {
  await lab.close();
  if (!values.keep) await removeLab();
}
tell(
  `${pairs} pairs, ${wrong} disagreements, ${refusals} objects refused by the webhook, ${seconds()} s, seed ${seed}`,
);
process.exit(wrong > 0 ? 1 : 0);

function seconds(): number {
  return Math.round((Date.now() - began) / 1000);
}
