/** What goes wrong in a schedule, besides the wires. One more trouble is one more entry. */
import { CHANGE_ANNOTATION } from '../../../../src/change/meshchange.ts';
import type { Fault } from '../../../../src/sandbox/kubernetes/faults.ts';
import { MESH } from '../../../../src/sandbox/slack/people.ts';
import { lookedAt } from './cards.ts';
import { virtualService, virtualServiceRef } from './mesh.ts';
import type { Actor } from './people.ts';
import type { LocalWorld } from './world.ts';

/** Virtual ms for which everything goes wrong. */
export const TROUBLE = 90_000;

export const TROUBLES: readonly Actor[] = [
  { presence: 0.7, act: world => again(world, 8_000, kubernetesFault) },
  { presence: 0.5, act: world => again(world, 10_000, slackFault) },
  // Slack's own limits: a message a second in each channel, and so on.
  { presence: 0.3, act: world => void world.slack.faults.add({ kind: 'rates' }) },
  { presence: 0.5, act: world => again(world, 30_000, cutWatches) },
  { presence: 0.5, act: world => once(world, outsider) },
  { presence: 0.2, act: world => once(world, outsider) },
  { presence: 0.4, act: world => again(world, 20_000, gaugeTrouble) },
  { presence: 0.2, act: webhook },
  { presence: 0.15, act: world => once(world, loseCard) },
  { presence: 0.3, act: world => once(world, stopOne) },
  // Wherever it waits just now, if only for time to pass.
  { presence: 0.3, act: world => once(world, killOne) },
];

function once(world: LocalWorld, deed: (world: LocalWorld) => void): void {
  world.sim.after(world.sim.dice.between(5_000, TROUBLE), () => deed(world));
}

/** Every so many ms on average, until the trouble is over. */
function again(world: LocalWorld, every: number, deed: (world: LocalWorld) => void): void {
  const { sim } = world;
  sim.after(sim.dice.between(0, 2 * every), () => {
    if (!world.troubled) return;
    deed(world);
    again(world, every, deed);
  });
}

function kubernetesFault({ sim: { dice }, kubernetes, namespaces }: LocalWorld): void {
  const fault = dice.pick<Fault>([
    { kind: 'reset' },
    { kind: 'reset-after-commit' },
    { kind: 'conflict' },
    { kind: 'throttle', retryAfter: dice.pick([1, 2]) },
    { kind: 'error' },
    { kind: 'timeout-after-commit' },
    { kind: 'silence' },
    { kind: 'silence-after-commit' },
    { kind: 'delay', ms: dice.between(500, 5_000) },
  ]);
  const path = new RegExp(dice.pick([namespaces.own, namespaces.mesh]));
  const watch = dice.chance(0.2) ? {} : { watch: false };
  kubernetes.faults.inject(fault, { path, ...watch, times: 1 + Math.floor(dice.next() * 3) });
}

function slackFault({ sim: { dice }, slack }: LocalWorld): void {
  const when = dice.pick(['before', 'after'] as const);
  const times = 1 + Math.floor(dice.next() * 2);
  const method = dice.pick(['chat.postMessage', 'chat.postMessage', 'chat.update', 'conversations.history', undefined]);
  const calls = method === undefined ? { times } : { times, method };
  slack.faults.add(
    dice.pick([
      { kind: 'unavailable', when, ...calls } as const,
      { kind: 'reset', when, ...calls } as const,
      { kind: 'hang', when, ...calls } as const,
      { kind: 'limited', retryAfter: dice.pick([1, 3]), ...calls } as const,
      { kind: 'slow', ms: dice.between(500, 5_000), ...calls } as const,
      { kind: 'error', error: 'internal_error', ...calls } as const,
      { kind: 'duplicate', times } as const,
      { kind: 'duplicate', times } as const,
      { kind: 'disconnect', when, times } as const,
    ]),
  );
}

function cutWatches({ sim: { dice }, kubernetes }: LocalWorld): void {
  if (dice.chance(0.3)) kubernetes.faults.compact();
  kubernetes.faults.dropWatches(dice.pick(['end', 'reset', 'stall'] as const));
}

/** Somebody edits an object by other means: keeps meshbot's mark, takes it off, or takes the object away and makes it anew. */
function outsider({ ledger, sim: { dice }, namespaces: { mesh } }: LocalWorld): void {
  const name = dice.pick(['routed', 'routed', 'split', 'bare']);
  const roll = dice.next();
  const share = Math.floor(dice.between(1, 9));
  ledger.outside(kubernetes => {
    const ref = virtualServiceRef(name, mesh);
    const found = kubernetes.get(ref);
    if (!found || roll >= 0.6) kubernetes.delete(ref);
    if (found && roll >= 0.6 && roll < 0.8) {
      const { [CHANGE_ANNOTATION]: _mark, ...annotations } = found.metadata.annotations ?? {};
      kubernetes.apply({ ...virtualService(name, mesh, share), metadata: { name, namespace: mesh, annotations } });
    } else kubernetes.apply(virtualService(name, mesh, share, roll < 0.6 ? found : undefined));
  });
}

/** An admission webhook that lets dry runs pass and then refuses to have objects created. */
function webhook({ kubernetes, namespaces: { mesh } }: LocalWorld): void {
  const path = new RegExp(`/namespaces/${mesh}/virtualservices$`);
  kubernetes.faults.inject(
    { kind: 'denied' },
    { method: 'POST', path, dryRun: false, times: Number.POSITIVE_INFINITY },
  );
}

/** The version that gets more requests fails, or nobody can tell how it does, for a while. */
function gaugeTrouble({ sim, gauge }: LocalWorld): void {
  gauge.be(sim.dice.pick(['bad', 'away', 'away']));
  sim.after(sim.dice.between(3_000, 70_000), () => gauge.be('good'));
}

function loseCard(world: LocalWorld): void {
  const cards = world.slack.messages(MESH.id).filter(({ threadTs, user }) => !threadTs && user === world.slack.botUser);
  if (cards.length === 0) return;
  const card = world.sim.dice.pick(cards);
  const { channel, ts } = card;
  world.lost.add(lookedAt(card, '').change);
  // Slack's own trouble may meet this, too.
  world.api('chat.delete', { channel, ts }).catch(() => {});
}

function stopOne({ sim: { dice }, bots }: LocalWorld): void {
  const ready = bots.filter(bot => bot.handle);
  if (ready.length > 0) void dice.pick(ready).stop();
}

function killOne({ sim: { dice }, bots }: LocalWorld): void {
  if (bots.length > 0) dice.pick(bots).wire.kill();
}
