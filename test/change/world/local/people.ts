/** The people of a schedule, each of whom does what they do through the local Slack. One more person is one more entry. */
import type { PageMessage } from '../../../../src/sandbox/slack/page-protocol.ts';
import { JON, LENA, MESH, MINA, RIKO, SAM, SHOP } from '../../../../src/sandbox/slack/people.ts';
import { buttonsOf, lookedAt, optionsOf } from './cards.ts';
import { drawKind } from './kinds.ts';
import type { LocalWorld } from './world.ts';

export interface Actor {
  /** Probability to be in a schedule. */
  presence: number;
  /** Begins what they do; whatever comes of it comes by the clock of the simulation. */
  act(world: LocalWorld): void;
}

export const PEOPLE: readonly Actor[] = [
  { presence: 1, act: asks },
  { presence: 0.8, act: asks },
  { presence: 0.3, act: asks },
  { presence: 1, act: world => looks(world, approving) },
  { presence: 1, act: world => looks(world, choosing) },
  { presence: 0.6, act: world => looks(world, undoing, 15_000) },
  {
    presence: 1,
    act(world) {
      looks(world, steering);
      givesUp(world);
    },
  },
];

/** Types a line, and another one when meshbot did not answer in time. */
function asks(world: LocalWorld): void {
  const { sim, slack } = world;
  const kind = drawKind(world);
  const ask = async (): Promise<void> => {
    const channel = sim.dice.chance(0.9) ? MESH : SHOP;
    const reply = await slack.as(RIKO).say(channel.id, `/mesh ${kind.line(world)}`);
    if (reply.ok) world.asking -= 1;
    else sim.after(sim.dice.between(2_000, 8_000), () => void ask());
  };
  world.asking += 1;
  const from = kind.from ?? 5_000;
  sim.after(sim.dice.between(from, from + 30_000), () => void ask());
}

/** Looks at all cards every few seconds, and does with each what this person does. */
function looks(world: LocalWorld, at: (world: LocalWorld, card: PageMessage) => Promise<void>, every = 5_000): void {
  const { sim, slack } = world;
  const look = (): void => {
    if (!world.open) return;
    sim.after(sim.dice.between(every / 4, every * 2), look);
    for (const card of slack.as(SAM).messages()) if (!card.ephemeralTo) void at(world, card);
  };
  sim.after(every, look);
}

/** Once its card is in their own direct messages alone, nobody else can let it go on: who asked for it ends it. */
function givesUp(world: LocalWorld): void {
  const { sim, slack } = world;
  const riko = slack.as(RIKO);
  const look = (): void => {
    if (!world.open) return;
    sim.after(10_000, look);
    if (world.troubled) return;
    for (const card of riko.messages(riko.directMessages())) {
      const buttons = buttonsOf(card);
      const abort = buttons.get('abort');
      if (abort !== undefined && buttons.has('resume')) void riko.click(card, abort);
    }
  };
  sim.after(10_000, look);
}

async function approving(world: LocalWorld, card: PageMessage): Promise<void> {
  const { dice } = world.sim;
  if (!buttonsOf(card).has('approve') || !dice.chance(0.6)) return;
  const roll = dice.next();
  if (roll < 0.7) await approve(world, card, SAM);
  else if (roll < 0.8) await reject(world, card, MINA);
  else if (roll < 0.84) await approve(world, card, RIKO);
  else if (roll < 0.87) await approve(world, card, LENA);
  else if (roll < 0.9) await approve(world, card, JON);
  else await Promise.all([approve(world, card, SAM), approve(world, card, MINA)]);
  if (dice.chance(0.1)) await reject(world, card, MINA);
}

/** As they saw it, in one piece: it may be drawn anew while their hand moves. */
async function approve(world: LocalWorld, card: PageMessage, { id }: { id: string }): Promise<void> {
  const button = buttonsOf(card).get('approve')!;
  if (world.sim.dice.chance(0.4)) await world.sim.sleep(world.sim.dice.between(0, 6_000));
  world.ledger.approving.push(lookedAt(card, id));
  await world.slack.as(id).click(card, button);
}

/** Through the question for a reason, where that opens. */
async function reject({ sim, slack }: LocalWorld, card: PageMessage, { id }: { id: string }): Promise<void> {
  const button = buttonsOf(card).get('reject');
  if (button === undefined) return;
  const person = slack.as(id);
  await person.click(card, button);
  await sim.sleep(sim.dice.between(1_000, 5_000));
  const modal = person.modals().at(-1);
  if (!modal) return;
  await person.submit(modal.viewId, { reason: 'not tonight' });
  await person.close(modal.viewId);
}

async function choosing({ sim, slack }: LocalWorld, card: PageMessage): Promise<void> {
  const menu = buttonsOf(card).get('choose');
  if (menu === undefined || !sim.dice.chance(0.5)) return;
  await slack.as(sim.dice.pick([RIKO, SAM, LENA])).click(card, menu, sim.dice.pick(optionsOf(card)));
}

/** While there is trouble: each undo has a card with an Undo of its own, and a schedule must come to an end. */
async function undoing({ sim, slack, troubled }: LocalWorld, card: PageMessage): Promise<void> {
  const button = buttonsOf(card).get('undo');
  if (button !== undefined && troubled && sim.dice.chance(0.4)) await slack.as(SAM).click(card, button);
}

/** Holds up what is under way, and brings it back, while there is trouble; after that, only lets it go on. */
async function steering({ sim: { dice }, slack, troubled }: LocalWorld, card: PageMessage): Promise<void> {
  const buttons = buttonsOf(card);
  const steers = { pause: 0.1, resume: 0.5, abort: 0.04, keep: 0.15, revert: 0.1 };
  for (const [kind, chance] of Object.entries(steers)) {
    const button = buttons.get(kind);
    if (button === undefined || !dice.chance(chance)) continue;
    if (!troubled && kind !== 'resume') continue;
    // Those who may, and some who may not.
    const who = troubled ? dice.pick([SAM, SAM, MINA, RIKO, LENA, JON]) : SAM;
    await slack.as(who.id).click(card, button);
  }
}
