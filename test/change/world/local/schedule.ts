/** One seeded schedule: people, and everything that can go wrong; then peace until all is over. */
import { isSettled } from '../../../../src/change/due.ts';
import { isEnd, statusOf } from '../../../../src/change/phases.ts';
import { PEOPLE } from './people.ts';
import { keepPromises } from './promises.ts';
import { TROUBLE, TROUBLES } from './trouble.ts';
import { CALM } from './wire.ts';
import { LocalWorld } from './world.ts';

/** Virtual ms within which all must be over after that: a plan expires within 30 min of the request at the latest. */
const PEACE = 3_600_000;
/** Virtual ms for which nothing may be left to do: the last drawings and takeovers come after the last end. */
const QUIET = 40_000;

/** Throws on the first broken promise. Resolves to the phases in which the changes ended. */
export async function runSchedule(seed: number): Promise<string[]> {
  const world = new LocalWorld(seed);
  const { sim, ledger, kubernetes, slack } = world;
  const { dice } = sim;
  world.troubled = true;
  world.weather = {
    kill: dice.pick([0, 0.01, 0.03, 0.06]),
    lost: dice.pick([0, 0.02, 0.08]),
    slow: dice.pick([0.02, 0.15]),
  };
  world.restart = () => dice.between(500, 20_000);
  world.start(3);
  for (const actor of [...PEOPLE, ...TROUBLES]) if (dice.chance(actor.presence)) actor.act(world);
  sim.after(TROUBLE, () => {
    world.troubled = false;
    world.weather = CALM;
    world.gauge.be('good');
    world.restart = () => 1_000;
    kubernetes.faults.clear();
    slack.faults.clear();
  });

  let quietSince = 0;
  let lookedAt = 0;
  const isQuiet = (): boolean => {
    if (sim.now - lookedAt < 1_000) return false;
    lookedAt = sim.now;
    const changes = [...ledger.changes.values()];
    const over = changes.every(change => {
      const original = ledger.changes.get(change.spec.undoes ?? '');
      return isEnd(statusOf(change).phase) && isSettled(change, original, sim.now);
    });
    if (world.troubled || world.asking > 0 || !over) quietSince = 0;
    else quietSince ||= sim.now;
    return quietSince > 0 && sim.now - quietSince > QUIET;
  };
  try {
    await sim.run(TROUBLE + PEACE, isQuiet);
    keepPromises(world);
    return [...ledger.changes.values()].map(change => statusOf(change).phase);
  } finally {
    await world.close();
  }
}
