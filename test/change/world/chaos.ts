/** One seeded schedule: kills, lost answers, outsiders' edits, hasty and unauthorised people; then peace until all is over. */
import { CHANGE_ANNOTATION } from '../../../src/change/meshchange.ts';
import { isEnd, statusOf } from '../../../src/change/phases.ts';
import { refKey } from '../../../src/object.ts';
import { checkEnd } from './invariants.ts';
import { entryOf } from './ledger.ts';
import { routed, serviceRef } from './plans.ts';
import { NO_FAULTS } from './replica.ts';
import { Town } from './town.ts';

/** Virtual ms for which everything goes wrong. */
const TROUBLE = 90_000;
/** Virtual seconds within which all must be over after that: a plan expires within 30 min of the request at the latest. */
const PEACE = 3_600;

const WORK = [
  { services: 'a', v3: 10 },
  { services: 'a', v3: 50 },
  { services: 'a', v3: 100 },
  { services: 'b', v3: 50 },
  { services: 'a,b', v3: 30 },
  { services: 'b,c', v3: 20 },
  { services: '?', v3: 40 },
];

/** Throws on the first broken promise. */
export async function runSchedule(seed: number): Promise<Town> {
  const town = new Town(seed);
  const { sim, api } = town;
  const { dice } = sim;
  const kill = dice.pick([0, 0.02, 0.05, 0.1]);
  town.faults = {
    kill,
    lost: dice.pick([0, 0.03, 0.1]),
    busy: dice.pick([0, 0.02]),
    slow: dice.pick([0.02, 0.15]),
  };
  town.restart = () => dice.between(500, 20_000);
  api.onCommit = write => {
    try {
      town.ledger.push(entryOf(api.changes.values(), town.clicked, write));
    } catch (error) {
      sim.broken = error as Error;
    }
  };
  town.start(3);

  const count = 2 + Math.floor(dice.next() * 2);
  for (let index = 0; index < count; index++) {
    const given = dice.pick(WORK);
    const verb = dice.chance(0.1) && given.services !== '?' ? 'drop' : 'set';
    const previous = index > 0 && dice.chance(0.25) ? { undoes: `change-${index - 1}` } : {};
    sim.after(dice.between(0, 30_000), () => town.ask(`change-${index}`, given, { verb, ...previous }));
  }
  if (dice.chance(0.3)) sim.after(dice.between(0, TROUBLE), () => outsider(town));
  if (dice.chance(0.15)) sim.after(dice.between(0, TROUBLE), () => outsider(town));
  if (dice.chance(0.2)) webhookTrouble(town);
  if (dice.chance(0.15)) sim.after(dice.between(5_000, TROUBLE), () => deleteACard(town));
  if (dice.chance(0.2))
    sim.after(dice.between(0, TROUBLE), () => town.replicas[0] && void dice.pick(town.replicas).stop());
  people(town);
  sim.after(TROUBLE, () => {
    town.faults = NO_FAULTS;
    api.webhook = undefined;
    town.restart = () => 1_000;
  });

  const over = sim.now + TROUBLE;
  let settledSince = 0;
  await sim.run(TROUBLE + PEACE * 1000, () => {
    if (sim.now <= over || town.acknowledged.size < count || !town.allEnded()) {
      settledSince = 0;
      return false;
    }
    // The last drawings and takeovers need a while after the last change has ended.
    settledSince ||= sim.now;
    return sim.now - settledSince > 120_000;
  });
  checkEnd({ ...town, changes: api.changes }, count);
  return town;
}

/** Somebody edits an object by other means: keeps meshbot's mark, or takes the whole object away and makes it anew. */
function outsider(town: Town): void {
  const { api, sim } = town;
  const name = sim.dice.pick(['a', 'b']);
  const ref = serviceRef(name);
  const found = api.objects.get(refKey(ref));
  const roll = sim.dice.next();
  const mark = roll < 0.6 ? found?.metadata.annotations?.[CHANGE_ANNOTATION] : undefined;
  town.ledger.push({ kind: 'outside', change: '', revision: 0, key: refKey(ref), mark, deletes: false });
  if (roll < 0.6 && found) api.put(ref, routed(name, Math.floor(sim.dice.between(1, 9)), found));
  else if (roll < 0.8 && found) {
    api.put(ref, undefined);
    api.put(ref, routed(name, 5));
  } else if (found) {
    const { [CHANGE_ANNOTATION]: _mark, ...annotations } = found.metadata.annotations ?? {};
    api.put(ref, { ...found, metadata: { ...found.metadata, annotations } });
  } else api.put(ref, routed(name, 7));
}

/** An admission webhook that lets dry runs pass and then refuses the second object. */
function webhookTrouble(town: Town): void {
  town.api.webhook = (write, dryRun) =>
    !dryRun && write.ref.name !== 'a' && write.after && write.before === undefined ? 'denied by policy' : undefined;
}

function deleteACard(town: Town): void {
  const cards = town.slack.messages.filter(message => !message.deleted && message.key.slot === 'card');
  if (cards.length > 0) town.sim.dice.pick(cards).deleted = true;
}

/** On call: they look every few seconds and click what there is to click. Others click too. */
function people(town: Town): void {
  const { sim, slack } = town;
  const { dice } = sim;
  const look = (): void => {
    sim.after(dice.between(1_000, 8_000), look);
    for (const { message, change, value } of slack.withButton('approve')) {
      if (!dice.chance(0.6)) continue;
      const roll = dice.next();
      if (roll < 0.65) town.click('approve', 'UBEN', value, message);
      else if (roll < 0.75) town.click('reject', 'UCAT', change, message);
      else if (roll < 0.8) town.click('approve', 'UASK', value, message);
      else if (roll < 0.85) town.click('approve', 'UGUEST', value, message);
      else if (roll < 0.9) town.click('approve', 'UOUT', value, message);
      else if (roll < 0.95) town.click('approve', 'UBEN', value, { channel: 'COTHER', ts: message.ts });
      else for (const user of ['UBEN', 'UCAT']) town.click('approve', user, value, message);
      if (dice.chance(0.2)) town.click('reject', 'UCAT', change, message);
    }
    for (const message of slack.messages) {
      if (message.deleted) continue;
      const choice = message.view.parts.find(part => part.kind === 'choice');
      if (choice?.kind === 'choice' && dice.chance(0.5)) {
        const user = dice.pick(['UASK', 'UBEN', 'UGUEST']);
        town.click('choose', user, choice.value, message, { choice: dice.pick(['a', 'b', 'nonsense']) });
      }
    }
  };
  look();
}

/** How a schedule went, for those who look whether the schedules do what they say. */
export function outcomes(town: Town): string[] {
  return [...town.api.changes.values()].map(change => {
    const { phase } = statusOf(change);
    return isEnd(phase) ? phase : `not over: ${phase}`;
  });
}
