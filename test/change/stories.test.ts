/** What happens to a change when people, the cluster or the chat do not do what was hoped. */

import { describe, expect, it } from 'vitest';
import { TIMING } from '../../src/change/context.ts';
import { isEnd, statusOf } from '../../src/change/phases.ts';
import { plain } from '../../src/change/phrases.ts';
import type { JsonObject } from '../../src/object.ts';
import { refKey } from '../../src/object.ts';
import { ChatError } from '../../src/ports.ts';
import { routed, serviceRef } from './world/plans.ts';
import { POLICY, Town } from './world/town.ts';

const NAME = 'shift-1';

async function planned(town: Town, name = NAME, given: JsonObject = { services: 'a', v3: 50 }): Promise<void> {
  if (town.replicas.length === 0) town.start(1);
  town.ask(name, given);
  await town.until(() => town.slack.withButton('approve').some(button => button.change === name));
  await town.pass(1);
}

function approve(town: Town, user = 'UBEN', name = NAME): void {
  const button = town.slack.withButton('approve').find(each => each.change === name)!;
  town.click('approve', user, button.value, button.message);
}

const live = (town: Town, name: string) => town.api.objects.get(refKey(serviceRef(name)));
const phases = (town: Town, name = NAME) => statusOf(town.change(name)).history.map(entry => entry.phase);
const whispers = (town: Town, user: string) =>
  town.slack.whispers.filter(({ person }) => person === user).map(({ view }) => view.text);

describe('people', () => {
  it('who click at once: the first wins, the other is told who that was', async () => {
    const town = new Town(1);
    town.start(3);
    await planned(town);
    approve(town, 'UBEN');
    approve(town, 'UCAT');
    await town.until(() => town.allEnded());
    await town.pass(30);
    const { approvals, decisions } = statusOf(town.change(NAME));
    expect(approvals).toHaveLength(1);
    const [winner] = approvals.map(({ user }) => user);
    const loser = winner === 'UBEN' ? 'UCAT' : 'UBEN';
    expect(whispers(town, loser)).toEqual([`Too late: it was already approved by @${winner}.`]);
    expect(decisions.find(({ user }) => user === loser)?.why).toContainEqual({ person: winner });
  });

  it.each([
    ['UASK', /somebody else has to approve/],
    ['UOUT', /ask @SONCALL\./],
    ['UGUEST', /Guests/],
    ['UBOT', /Bots/],
    ['UNOBODY', /does not know you/],
  ])('%s may not approve and is told why', async (user, why) => {
    const town = new Town(2);
    await planned(town);
    approve(town, user);
    await town.until(() => whispers(town, user).length > 0);
    expect(whispers(town, user)[0]).toMatch(why);
    expect(town.phase(NAME)).toBe('Planned');
    expect(town.api.commits).toEqual([]);
  });

  it('who left the group since the card was posted do not count', async () => {
    const town = new Town(3);
    await planned(town);
    town.slack.groups.set('SONCALL', ['UCAT']);
    approve(town, 'UBEN');
    await town.until(() => whispers(town, 'UBEN').length > 0);
    expect(town.phase(NAME)).toBe('Planned');
  });

  it('of a group that cannot be read do not count', async () => {
    const town = new Town(4);
    await planned(town);
    town.slack.groups.delete('SONCALL');
    approve(town, 'UBEN');
    await town.until(() => whispers(town, 'UBEN').length > 0);
    expect(whispers(town, 'UBEN')[0]).toMatch(/Try again in a minute/);
    expect(town.phase(NAME)).toBe('Planned');
  });

  it('must be two where the policy says two', async () => {
    const town = new Town(5);
    town.policy = { ...POLICY, rules: [{ ...POLICY.rules[0]!, approvals: 2 }] };
    await planned(town);
    approve(town, 'UBEN');
    await town.pass(10);
    expect(town.phase(NAME)).toBe('Planned');
    expect(town.api.commits).toEqual([]);
    approve(town, 'UCAT');
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
  });

  it('reject with a reason, which the card then shows', async () => {
    const town = new Town(6);
    await planned(town);
    town.click('reject', 'UCAT', NAME, town.card(NAME)!);
    await town.until(() => town.allEnded());
    await town.pass(10);
    expect(town.card(NAME)!.view.text).toMatch(/rejected$/);
    expect(JSON.stringify(town.card(NAME)!.view)).toContain('not tonight');
    expect(town.api.commits).toEqual([]);
  });

  it('nobody approves: it expires, and a late click is told so', async () => {
    const town = new Town(7);
    await planned(town);
    const { message, value } = town.slack.withButton('approve')[0]!;
    await town.until(() => town.phase(NAME) === 'Expired', 700);
    await town.pass(10);
    expect(town.slack.withButton('approve')).toEqual([]);
    const late = town.click('approve', 'UBEN', value, message);
    await town.until(() => late.answer !== undefined);
    expect(late.answer).toBe('Too late: this change is expired already.');
  });

  it('answer a question, and what they chose is planned', async () => {
    const town = new Town(8);
    town.start(1);
    town.ask(NAME, { services: '?', v3: 20 });
    await town.until(() => town.phase(NAME) === 'Choosing');
    await town.pass(5);
    town.click('choose', 'UASK', NAME, town.card(NAME)!, { choice: 'b' });
    await town.until(() => town.phase(NAME) === 'Planned');
    expect(statusOf(town.change(NAME)).plan?.services).toEqual(['b']);
  });

  it('whom the policy does not let ask get a refusal instead of a plan', async () => {
    const town = new Town(9);
    const [rule] = POLICY.rules;
    town.policy = { ...POLICY, rules: [{ ...rule!, ask: { users: ['UBEN'], groups: [], everyone: false } }] };
    town.start(1);
    town.ask(NAME, { services: 'a', v3: 50 });
    await town.until(() => town.allEnded() && town.phase(NAME) === 'Refused');
    expect(statusOf(town.change(NAME)).message).toMatch(/You may not ask for changes in default/);
  });
});

describe('the mesh moved', () => {
  it('before anybody approved: it is planned again by itself, and says why', async () => {
    const town = new Town(10);
    await planned(town);
    town.api.put(serviceRef('a'), routed('a', 7));
    await town.until(() => statusOf(town.change(NAME)).plan?.revision === 2);
    await town.pass(10);
    expect(phases(town)).toEqual(['Requested', 'Planned', 'Stale', 'Planned']);
    expect(JSON.stringify(town.card(NAME)!.view)).toContain('VirtualService default/a was changed by somebody else');
  });

  it('as somebody approved: their approval does not count for the new plan', async () => {
    const town = new Town(11);
    await planned(town);
    town.api.put(serviceRef('a'), routed('a', 7));
    approve(town);
    await town.until(() => statusOf(town.change(NAME)).plan?.revision === 2);
    await town.pass(10);
    expect(town.phase(NAME)).toBe('Planned');
    expect(town.api.commits).toEqual([]);
    approve(town, 'UCAT');
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
  });

  it('because another change was first: the card says so beforehand, and only the second is planned again', async () => {
    const town = new Town(12);
    await planned(town, 'first');
    await planned(town, 'second', { services: 'a', v3: 10 });
    expect(statusOf(town.change('second')).plan?.findings).toMatchObject([
      { code: 'object-in-flight', severity: 'info' },
    ]);
    approve(town, 'UBEN', 'first');
    await town.until(() => statusOf(town.change('second')).plan?.revision === 2);
    expect(phases(town, 'first')).not.toContain('Stale');
    expect(town.api.commits).toHaveLength(1);
  });
});

describe('the API server', () => {
  it('refuses the dry run: refused, with its own words', async () => {
    const town = new Town(13);
    town.api.webhook = () => 'admission webhook "policy" denied the request';
    town.start(1);
    town.ask(NAME, { services: 'a', v3: 50 });
    await town.until(() => town.phase(NAME) === 'Refused');
    expect(statusOf(town.change(NAME)).findings?.[0]?.message).toMatch(/admission webhook "policy" denied the request/);
  });

  it('refuses the second object: the first is taken back, and each is named', async () => {
    const town = new Town(14);
    const before = live(town, 'a')!;
    await planned(town, NAME, { services: 'a,b', v3: 50 });
    town.api.webhook = (write, dryRun) => (!dryRun && write.ref.name === 'b' ? 'denied' : undefined);
    approve(town);
    await town.until(() => town.phase(NAME) === 'Failed');
    expect(live(town, 'a')!.spec).toEqual(before.spec);
    expect(live(town, 'a')!.metadata.annotations).toEqual(before.metadata.annotations);
    expect(statusOf(town.change(NAME))).toMatchObject({ written: [] });
    expect(statusOf(town.change(NAME)).message).toMatch(
      /default\/b: denied; what was written before it was taken back/,
    );
  });

  it('refuses the second object and then the way back: partly written is said loudly', async () => {
    const town = new Town(15);
    await planned(town, NAME, { services: 'a,b', v3: 50 });
    let refused = false;
    town.api.webhook = (write, dryRun) => {
      if (dryRun) return undefined;
      refused ||= write.ref.name === 'b';
      return refused ? 'denied' : undefined;
    };
    approve(town);
    await town.until(() => town.phase(NAME) === 'Failed');
    await town.pass(10);
    expect(statusOf(town.change(NAME)).written).toMatchObject([{ ref: { name: 'a' } }]);
    expect(JSON.stringify(town.card(NAME)!.view)).toContain('PARTLY WRITTEN: VirtualService default/a');
  });

  it('creates what was not there, and takes that away again when a later object cannot be written', async () => {
    const town = new Town(16);
    await planned(town, NAME, { services: 'c,b', v3: 50 });
    town.api.webhook = (write, dryRun) => (!dryRun && write.ref.name === 'b' ? 'denied' : undefined);
    approve(town);
    await town.until(() => town.phase(NAME) === 'Failed');
    expect(live(town, 'c')).toBeUndefined();
  });
});

describe('the chat', () => {
  it('lost the card: its successor answers in the thread, once', async () => {
    const town = new Town(17);
    await planned(town);
    const first = town.card(NAME)!;
    const button = town.slack.withButton('approve')[0]!;
    town.click('approve', 'UBEN', button.value, button.message);
    first.deleted = true;
    await town.until(() => town.allEnded());
    await town.pass(30);
    const cards = town.slack.messages.filter(({ key }) => key.slot.startsWith('card'));
    expect(cards.map(({ key, thread }) => [key.slot, thread])).toEqual([
      ['card', undefined],
      ['card#2', first.ts],
    ]);
  });

  it('does not take anything in the channel: the one who asked is told directly', async () => {
    const town = new Town(18);
    town.slack.archived.add('CMESH');
    town.start(1);
    town.ask(NAME, { services: 'a', v3: 50 });
    await town.until(() => town.slack.messages.length > 0);
    expect(town.slack.messages).toMatchObject([{ channel: 'UASK', key: { slot: 'card#2' } }]);
  });

  it('takes nothing anywhere for a while: the card is there some minutes after it does again', async () => {
    const town = new Town(20);
    town.policy = { ...POLICY, rules: POLICY.rules.map(rule => ({ ...rule, approvals: 2 })) };
    await planned(town);
    const first = town.card(NAME)!;
    const button = town.slack.withButton('approve')[0]!;
    town.slack.archived.add('CMESH').add('UASK');
    first.deleted = true;
    town.click('approve', 'UBEN', button.value, button.message);
    await town.until(() => statusOf(town.change(NAME)).messages['card#3']?.gone === true);
    town.slack.archived.clear();
    await town.until(() => town.slack.withButton('approve').length > 0, 400);
    expect(town.slack.withButton('approve')).toMatchObject([{ change: NAME, message: { channel: 'CMESH' } }]);
  });

  it('is away: what was approved is written all the same, and shown when it is back', async () => {
    const town = new Town(19);
    await planned(town);
    approve(town);
    await town.until(() => town.phase(NAME) === 'Applying' || isEnd(statusOf(town.change(NAME)).phase));
    town.faults = { kill: 0, lost: 0, busy: 0, slow: 0, chatDown: true };
    await town.until(() => town.phase(NAME) === 'Applied', 200);
    await town.pass(120);
    town.faults = { kill: 0, lost: 0, busy: 0, slow: 0 };
    await town.until(() => town.allEnded(), 200);
    await town.pass(120);
    expect(town.slack.messages.map(({ key }) => key.slot)).toEqual(['card', 'receipt']);
    expect(town.slack.withButton('undo')).toHaveLength(1);
  });
});

describe('a replica', () => {
  it('that is killed is followed by another, after the claim has stood still', async () => {
    const town = new Town(20);
    town.start(1);
    town.restart = () => 1_000;
    await planned(town);
    const before = town.sim.now;
    town.replicas[0]!.kill();
    await town.pass(2);
    approve(town);
    await town.until(() => town.allEnded());
    expect(town.sim.now - before).toBeLessThan(60_000);
    expect(statusOf(town.change(NAME)).claim?.holder).toBe('replica-2');
    expect(town.api.commits).toHaveLength(1);
  });

  it('that is killed while a card goes out is followed long before the plan expires', async () => {
    const town = new Town(22);
    town.start(1);
    town.restart = () => 1_000;
    town.ask(NAME, { services: 'a', v3: 50 });
    await town.until(() => town.slack.withButton('approve').length > 0);
    expect(statusOf(town.change(NAME)).messages.card?.ts).toBeUndefined();
    town.replicas[0]!.kill();
    await town.until(() => statusOf(town.change(NAME)).messages.card?.ts !== undefined, 60);
    expect(statusOf(town.change(NAME)).claim?.holder).toBe('replica-2');
    expect(town.slack.messages).toHaveLength(1);
    approve(town);
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
  });

  it('that hears late of a change takes it from no holder who goes on with it', async () => {
    const town = new Town(27);
    const watch = town.api.watchChanges.bind(town.api);
    const deaf = new Set<string>();
    let births = 0;
    town.api.watchChanges = listener => {
      const name = `replica-${++births}`;
      return watch(change => deaf.has(name) || listener(change));
    };
    town.start(2);
    await planned(town);
    approve(town);
    // The last sign of life that the holder has to give; it still writes how the proof went.
    await town.until(() => statusOf(town.change(NAME)).claim?.beat !== undefined);
    expect(town.phase(NAME)).toBe('Applied');
    await town.pass(0.1);
    const { claim } = statusOf(town.change(NAME));
    deaf.add(claim?.holder === 'replica-1' ? 'replica-2' : 'replica-1');
    await town.until(() => town.allEnded());
    await town.pass(40);
    expect(statusOf(town.change(NAME)).claim).toMatchObject({ holder: claim?.holder, term: claim?.term });
  });

  it('that is killed while a receipt goes out leaves it to be found, though its card was deleted since', async () => {
    const town = new Town(24);
    town.start(1);
    town.restart = () => 1_000;
    await planned(town);
    approve(town);
    const receipts = () => town.slack.messages.filter(({ key }) => key.slot.startsWith('receipt'));
    await town.until(() => receipts().length > 0);
    expect(statusOf(town.change(NAME)).messages.receipt?.ts).toBeUndefined();
    town.replicas[0]!.kill();
    const lost = town.card(NAME)!;
    lost.deleted = true;
    const post = town.slack.post.bind(town.slack);
    town.slack.post = (place, view, key) => {
      if (place.thread === lost.ts) throw new ChatError('refused', 'thread_not_found');
      return post(place, view, key);
    };
    await town.until(() => town.allEnded());
    await town.pass(60);
    expect(town.card(NAME)?.key.slot).toBe('card#3');
    expect(receipts()).toHaveLength(1);
  });

  it('that is stopped lets go, so that the next need not wait', async () => {
    const town = new Town(21);
    town.start(1);
    town.restart = () => 100;
    await planned(town);
    void town.replicas[0]!.stop();
    await town.pass(2);
    const before = town.sim.now;
    approve(town);
    await town.until(() => town.phase(NAME) === 'Applied');
    expect(town.sim.now - before).toBeLessThan(5_000);
  });
});

describe('undoing', () => {
  it('marks the original as undone, by name, and both cards say so', async () => {
    const town = new Town(22);
    await planned(town);
    approve(town);
    await town.until(() => town.allEnded());
    town.ask('undo-1', { services: 'a', v3: 0 }, { undoes: NAME });
    await town.until(() => town.slack.withButton('approve').length > 0);
    await town.pass(1);
    approve(town, 'UBEN', 'undo-1');
    await town.until(() => town.phase(NAME) === 'Undone' && town.allEnded());
    await town.pass(60);
    expect(statusOf(town.change(NAME)).undoneBy).toBe('undo-1');
    expect(live(town, 'a')!.spec).toEqual(routed('a', 0).spec);
    expect(town.slack.withButton('undo').map(({ change }) => change)).toEqual(['undo-1']);
    expect(plain(town.card(NAME)!.view.text)).toMatch(/undone$/);
  });
});

describe('knowledge of the mesh that is too old', () => {
  it('is not planned on: it waits, says so, and goes on when the watches are back', async () => {
    const town = new Town(23);
    town.start(1);
    town.replicas[0]!.worldAge = TIMING.worldAge + 1_000;
    town.ask(NAME, { services: 'a', v3: 50 });
    await town.pass(20);
    expect(town.phase(NAME)).toBe('Requested');
    expect(JSON.stringify(town.card(NAME)!.view)).toContain('Nothing was heard of the cluster');
    town.replicas[0]!.worldAge = 0;
    await town.until(() => town.phase(NAME) === 'Planned');
  });
});
