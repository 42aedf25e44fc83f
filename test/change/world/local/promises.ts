/** What must hold when a schedule is over, whatever went wrong in it: read off the cluster's objects and Slack's messages. */
import { cardOf } from '../../../../src/change/card.ts';
import { canonical } from '../../../../src/change/digest.ts';
import { hasReceipt, untold } from '../../../../src/change/due.ts';
import { KIND, type MeshChange, type StoredPlan } from '../../../../src/change/meshchange.ts';
import { messagesOf } from '../../../../src/change/messages.ts';
import { isEnd, statusOf, wasApplied } from '../../../../src/change/phases.ts';
import { type ObjectRef, refKey, refOf } from '../../../../src/object.ts';
import type { PageMessage } from '../../../../src/sandbox/slack/page-protocol.ts';
import { MESH, RIKO, SAM, SHOP } from '../../../../src/sandbox/slack/people.ts';
import { render } from '../../../../src/slack/blocks/render.ts';
import type { View } from '../../../../src/view.ts';
import { must } from '../must.ts';
import { lookedAt } from './cards.ts';
import type { Entry } from './ledger.ts';
import type { LocalWorld } from './world.ts';

export function keepPromises(world: LocalWorld): void {
  const { kubernetes, namespaces, ledger, post, refused } = world;
  const changes = kubernetes.list(KIND, namespaces.own) as unknown as MeshChange[];
  for (const { delivery, change, text, user, taken } of post.commands.values()) {
    const found = changes.find(({ metadata }) => metadata.name === change);
    const answered = found !== undefined || refused.has(delivery);
    must(!taken || answered, `“${text}” of ${user} was acknowledged, and there is no ${change}`);
    must(!found || found.spec.text === text, `${change} is another command than “${text}”`);
  }
  const posted = botMessages(world);
  for (const change of changes) {
    const { name } = change.metadata;
    must(post.commands.has(name), `nobody asked for ${name}`);
    must(isEnd(statusOf(change).phase), `${name} came to no end: ${statusOf(change).phase}`);
    checkWrites(ledger.entries, change);
    checkChat(world, change, posted);
    checkDecisions(world, change);
  }
  const stray = [...posted].filter(message => !isForgotten(world, message));
  must(stray.length === 0, `posted twice, or for nothing: ${stray.map(({ text }) => text).join('; ')}`);
  checkClicks(world, changes);
}

/** Once per approved plan and object; never for a change that says that nothing was written. */
function checkWrites(ledger: Entry[], change: MeshChange): void {
  const name = change.metadata.name;
  const { plan, phase, written } = statusOf(change);
  const mine = ledger.filter(entry => entry.change === name && entry.kind === 'forward');
  for (const entry of mine) {
    const all = mine.filter(other => other.key === entry.key && other.revision === entry.revision);
    const same = all.filter(({ step }) => step === entry.step);
    must(same.length === 1, `${name} wrote ${entry.key} ${same.length} times for one approval`);
    must(
      all.every(({ step }, at) => step === at),
      `${name} left out a step of ${entry.key}`,
    );
    const final = wasApplied(change) && entry.revision === plan?.revision && phase !== 'Reverted';
    const left = phase === 'Failed' && written.some(({ ref }) => refKey(ref) === entry.key);
    const excused = final || left || isTakenBack(ledger, entry) || isOverwritten(ledger, entry);
    must(excused, `${name} is ${phase}, yet ${entry.key} was written and nobody took it back`);
  }
  if (!wasApplied(change) || phase === 'Reverted') return;
  for (const { ref, after } of plan?.writes ?? []) {
    // What was to be deleted may be gone by another's hand; that is as good.
    const gone = !after && ledger.some(entry => entry.key === refKey(ref) && entry.change !== name && entry.deletes);
    const made = mine.filter(
      entry => entry.step === lastStep(plan, ref) && entry.key === refKey(ref) && entry.revision === plan?.revision,
    );
    if (gone && made.length === 0) continue;
    must(made.length === 1, `${name} was applied, yet wrote ${refKey(ref)} ${made.length} times`);
    must(!isTakenBack(ledger, made[0]!), `${name} was applied, yet ${refKey(ref)} was taken back`);
  }
}

/** The last step that writes an object; 0 where there are none. */
function lastStep(plan: StoredPlan | undefined, ref: ObjectRef): number {
  const steps = plan?.rollout?.steps ?? [];
  return Math.max(
    0,
    steps.findLastIndex(({ objects }) => objects.some(object => refKey(refOf(object)) === refKey(ref))),
  );
}

function isTakenBack(ledger: Entry[], entry: Entry): boolean {
  return ledger.some(
    other =>
      other.kind === 'back' &&
      other.change === entry.change &&
      other.key === entry.key &&
      other.revision === entry.revision,
  );
}

/** Somebody else took its mark away before it could be recognised: it is planned and asked for again. */
function isOverwritten(ledger: Entry[], entry: Entry): boolean {
  const later = ledger.slice(ledger.indexOf(entry) + 1);
  return later.some(other => other.key === entry.key && (entry.mark === undefined || other.mark !== entry.mark));
}

/** All that meshbot posted for all to see, and directly to those who asked. */
function botMessages({ slack }: LocalWorld): Set<PageMessage> {
  const places = [MESH.id, SHOP.id, ...[RIKO, SAM].map(person => slack.as(person).directMessages())];
  return new Set(places.flatMap(place => slack.messages(place)).filter(({ user }) => user === slack.botUser));
}

/**
 * Where its card was deleted, meshbot at last tells the one who asked directly. Nobody lets it look there, so of a message
 * whose answer was lost it will never know.
 */
function isForgotten({ lost }: LocalWorld, { channel }: PageMessage): boolean {
  return lost.size > 0 && channel.startsWith('D');
}

/** Takes from `posted` what is this change's own. */
function checkChat(world: LocalWorld, change: MeshChange, posted: Set<PageMessage>): void {
  const name = change.metadata.name;
  const cards = [...posted].filter(message => lookedAt(message, '').change === name);
  // A card that goes on being needed is put up anew, beside one of which it is not known whether it is there.
  const known = cards.filter(message => !isForgotten(world, message));
  must(known.length <= 1, `${name} has ${known.length} cards`);
  must(cards.length - known.length <= 1, `${name} was told directly more than once`);
  const card = known[0] ?? cards[0];
  must(card !== undefined || world.lost.has(name), `${name} has no card`);
  if (card) {
    const right = shows(card, cardOf(change)) || isForgotten(world, card);
    must(right, `${name}: its card does not show where it stands: ${card.text}`);
    posted.delete(card);
  }
  if (!hasReceipt(change)) return;
  const view = messagesOf(change).find(({ slot }) => slot === 'receipt')?.view;
  must(view !== undefined, `${name} has nothing to say of what it wrote`);
  // Two changes may have the same to say: each one's own is below its card.
  const alike = [...posted].filter(message => shows(message, view));
  const receipt = alike.find(({ threadTs }) => threadTs === card?.ts) ?? alike[0];
  const isLost = world.lost.has(name);
  must(receipt !== undefined || isLost, `${name} has no receipt that shows what is known: ${view.text}`);
  if (!receipt) return;
  must(isLost || receipt.threadTs === card?.ts, `${name}: its receipt is not below its card`);
  posted.delete(receipt);
}

function shows(message: PageMessage, view: View): boolean {
  const { text, blocks } = render(view, { surface: 'message', files: true });
  return message.text === text && drawing(message.blocks ?? []) === drawing(blocks);
}

/** Blocks without the ids that Slack gives them. */
function drawing(blocks: unknown): string {
  const bare: unknown = JSON.parse(JSON.stringify(blocks), (key, value) =>
    key === 'block_id' || key === 'action_id' ? undefined : (value as unknown),
  );
  return canonical(bare);
}

function checkDecisions({ slack }: LocalWorld, change: MeshChange): void {
  const name = change.metadata.name;
  const { decisions } = statusOf(change);
  must(
    decisions.every(decision => decision.verdict),
    `${name} has a click that nobody judged`,
  );
  must(untold(change).length === 0, `${name} has a refused click whose maker was not told`);
  const told = slack.ephemerals();
  for (const { user, verdict } of decisions) {
    if (verdict === 'counted') continue;
    // Where the card has come to be in somebody else's direct messages, in their own.
    const direct = slack.messages(slack.as(user).directMessages());
    const heard =
      told.some(({ ephemeralTo }) => ephemeralTo === user) || direct.some(message => message.user === slack.botUser);
    must(heard, `${user} was not told that their click on ${name} was not counted`);
  }
}

function checkClicks({ post, refused, lost, slack }: LocalWorld, changes: MeshChange[]): void {
  for (const { id, kind, user, change: named, channel, acknowledged } of post.clicks.values()) {
    const change = changes.find(({ metadata }) => metadata.name === named);
    const kept = change ? statusOf(change).decisions.filter(decision => decision.id === id).length : 0;
    must(kept <= 1, `a click (${kind}) of ${user} was kept ${kept} times`);
    const answered = kept === 1 || refused.has(id);
    must(!acknowledged || answered, `a click (${kind}) of ${user} on ${named} was acknowledged and is lost`);
    if (kept === 0 || !change) continue;
    const { origin, requester } = change.spec;
    const direct = lost.has(change.metadata.name) ? slack.as(requester.user).directMessages() : undefined;
    must(channel === origin.channel || channel === direct, `a click on ${named} from ${channel} was taken`);
  }
}
