/** What must hold when a schedule is over, whatever went wrong in it. */
import { readButton } from '../../../src/change/button.ts';
import { cardOf } from '../../../src/change/card.ts';
import { canonical } from '../../../src/change/digest.ts';
import { hasReceipt, untold } from '../../../src/change/due.ts';
import type { MeshChange } from '../../../src/change/meshchange.ts';
import { isEnd, statusOf, wasApplied } from '../../../src/change/phases.ts';
import { receiptOf } from '../../../src/change/receipt-view.ts';
import { refKey } from '../../../src/object.ts';
import type { Entry } from './ledger.ts';
import { must } from './must.ts';
import type { Slack } from './slack.ts';
import type { Clicked } from './town.ts';

/** All that is left of a schedule. */
export interface Outcome {
  changes: ReadonlyMap<string, MeshChange>;
  ledger: Entry[];
  slack: Slack;
  clicked: Clicked[];
}

export function checkEnd(town: Outcome, count: number): void {
  must(town.changes.size === count, `${town.changes.size} of ${count} acknowledged commands are there`);
  for (const change of town.changes.values()) {
    must(isEnd(statusOf(change).phase), `${change.metadata.name} came to no end: ${statusOf(change).phase}`);
    checkWrites(town.ledger, change);
    checkChat(town, change);
    checkDecisions(town, change);
  }
  checkClicks(town);
}

/** Once per approved plan and object; never for a change that says that nothing was written. */
function checkWrites(ledger: Entry[], change: MeshChange): void {
  const name = change.metadata.name;
  const { plan, phase, written } = statusOf(change);
  const mine = ledger.filter(entry => entry.change === name && entry.kind === 'forward');
  for (const entry of mine) {
    const same = mine.filter(other => other.key === entry.key && other.revision === entry.revision);
    must(same.length === 1, `${name} wrote ${entry.key} ${same.length} times for one approval`);
    const final = wasApplied(change) && entry.revision === plan?.revision;
    const left = phase === 'Failed' && written.some(({ ref }) => refKey(ref) === entry.key);
    const excused = final || left || isTakenBack(ledger, entry) || isOverwritten(ledger, entry);
    must(excused, `${name} is ${phase}, yet ${entry.key} was written and nobody took it back`);
  }
  if (!wasApplied(change)) return;
  for (const { ref, after } of plan?.writes ?? []) {
    // What was to be deleted may be gone by another's hand; that is as good.
    const gone = !after && ledger.some(entry => entry.key === refKey(ref) && entry.change !== name && entry.deletes);
    const made = mine.filter(entry => entry.key === refKey(ref) && entry.revision === plan?.revision);
    if (gone && made.length === 0) continue;
    must(made.length === 1, `${name} was applied, yet wrote ${refKey(ref)} ${made.length} times`);
    must(!isTakenBack(ledger, made[0]!), `${name} was applied, yet ${refKey(ref)} was taken back`);
  }
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

function checkChat(town: Outcome, change: MeshChange): void {
  const name = change.metadata.name;
  const all = town.slack.messages.filter(message => message.key.change === name);
  const mine = all.filter(message => !message.deleted);
  const slots = mine.map(message => message.key.slot);
  must(new Set(slots).size === slots.length, `${name} was posted twice: ${slots.join(', ')}`);
  const cards = mine.filter(message => message.key.slot.startsWith('card'));
  must(cards.length <= 1, `${name} has ${cards.length} cards`);
  must(cards.length === 1 || all.some(message => message.deleted), `${name} has no card`);
  if (cards[0]) {
    const right = canonical(cards[0].view) === canonical(cardOf(change));
    must(right, `${name}: its card does not show where it stands: ${cards[0].view.text}`);
  }
  const receipts = mine.filter(message => message.key.slot.startsWith('receipt'));
  const wanted = hasReceipt(change) ? 1 : 0;
  must(receipts.length === wanted, `${name} has ${receipts.length} receipts, not ${wanted}`);
  if (receipts[0]) {
    const right = canonical(receipts[0].view) === canonical(receiptOf(change));
    must(right, `${name}: its receipt does not show what is known: ${receipts[0].view.text}`);
  }
}

function checkDecisions(town: Outcome, change: MeshChange): void {
  const name = change.metadata.name;
  const { decisions } = statusOf(change);
  must(
    decisions.every(decision => decision.verdict),
    `${name} has a click that nobody judged`,
  );
  must(untold(change).length === 0, `${name} has a refused click whose maker was not told`);
  for (const { user, verdict } of decisions) {
    if (verdict === 'counted') continue;
    const told = town.slack.whispers.some(whisper => whisper.person === user);
    must(told, `${user} was not told that their click on ${name} was not counted`);
  }
}

function checkClicks(town: Outcome): void {
  for (const { click, answer } of town.clicked) {
    const { delivery } = click;
    must(answer !== undefined, `click ${delivery} was never answered`);
    const kept = statusOf(town.changes.get(readButton(click.change).change)!).decisions.filter(
      decision => decision.id === delivery,
    );
    must(kept.length <= 1, `click ${delivery} was kept ${kept.length} times`);
    must(answer !== 'stored' || kept.length === 1, `click ${delivery} was acknowledged and is lost`);
    must(click.posted.channel !== 'COTHER' || kept.length === 0, `click ${delivery} from another channel was taken`);
  }
}
