/** `npm run scenarios`: the forty scenarios by world, as they went the last time on this machine. */
import { storiesIn } from './all.ts';
import { type Outcome, type Recorded, recorded } from './outcomes.ts';
import type { Scenario } from './story.ts';

const WORLDS = { local: 'npm test test/scenarios', mesh: 'npm run test:mesh' } as const;

const scenarios = [...(await storiesIn('stories')), ...(await storiesIn('more'))].map(({ scenario }) => scenario);
const told = { local: recorded('local'), mesh: recorded('mesh') };
const cells = (['local', 'mesh'] as const).map(world => scenarios.map(each => cellOf(each, told[world])));
const width = Math.max(...scenarios.map(({ title }) => title.length));

const lines = scenarios.map(({ id, title }, row) => {
  const [local = '', mesh = ''] = cells.map(column => column[row]);
  // What cannot be told yet cannot in either world.
  const both = local.startsWith('not yet') ? [local] : [local.padEnd(8), mesh];
  return [id.padEnd(5), title.padEnd(width), ...both].join('  ');
});
print(['', 'Scenario'.padEnd(width), 'local'.padEnd(8), 'mesh'], lines);

function print([, ...heads]: string[], rows: string[]): void {
  const out = [`       ${heads.join('  ')}`, ...rows, ''];
  for (const [world, command] of Object.entries(WORLDS)) {
    const at = told[world as keyof typeof WORLDS]?.at;
    out.push(at ? `${world}: told ${at}` : `${world}: not told on this machine yet; ${command}`);
  }
  const count = (column: string[] = []) => column.filter(cell => cell === 'works').length;
  out.push(`${count(cells[0])} of ${scenarios.length} work in the local world, ${count(cells[1])} in the real mesh.`);
  process.stdout.write(`${out.join('\n')}\n`);
}

function cellOf(scenario: Scenario, kept: Recorded | undefined): string {
  if (scenario.kind === 'not yet') return `not yet: ${scenario.why}`;
  const outcome: Outcome | undefined = kept?.outcomes.find(({ id }) => id === scenario.id);
  if (!outcome || outcome.state === 'not yet') return '-';
  return outcome.state === 'works' ? 'works' : `fails: ${outcome.why}`;
}
