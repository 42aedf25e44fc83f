import { expect, test } from 'vitest';
import { ClusterError } from '../../src/ports.ts';
import { MESH, RIKO } from '../../src/sandbox/slack/people.ts';
import { typed, withoutMention } from '../../src/slack/listeners/typed.ts';
import { connected, saying, words } from './setup.ts';

test('a mention in a thread asks in that thread, and is answered there for all to see', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({ kind: 'answer', view: saying('reviews goes to v1') });
  await slack.as(RIKO).say(MESH.id, 'what about reviews?');
  const [first] = slack.messages(MESH.id);
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> status reviews`, first!.ts);
  await slack.until(() => words(slack.thread(MESH.id, first!.ts)).includes('reviews goes to v1'));
  expect(desk.asked).toEqual([
    {
      text: 'status reviews',
      asker: { team: slack.team.id, user: RIKO.id },
      place: { channel: MESH.id, thread: first!.ts },
      delivery: expect.stringMatching(/^message-/),
    },
  ]);
});

test('a mention outside of threads is answered in a thread under it, and a card would go to the channel', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({ kind: 'answer', view: saying('reviews goes to v1') });
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> status reviews`);
  const [mention] = slack.messages(MESH.id);
  await slack.until(() => slack.thread(MESH.id, mention!.ts).length === 2);
  expect(desk.asked[0]?.place).toEqual({ channel: MESH.id });
});

test('an event delivered twice is one delivery and one answer', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({ kind: 'answer', view: saying('reviews goes to v1') });
  slack.faults.add({ kind: 'duplicate', times: 1, envelope: 'events_api' });
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> status reviews`);
  await slack.until(() => desk.asked.length === 2);
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> status details`);
  await slack.until(() => desk.asked.length === 3 && slack.messages(MESH.id).length === 4);
  expect(desk.asked[1]?.delivery).toBe(desk.asked[0]?.delivery);
});

test('an event is acknowledged only when it is stored: what was not comes again', async () => {
  const { slack, desk } = await connected({}, { ackTimeout: 200, eventRetries: [0] });
  let tries = 0;
  let late = () => {};
  desk.reply = () => {
    tries += 1;
    const recorded = { kind: 'recorded', change: 'mc-1' } as const;
    if (tries > 1) return recorded;
    return new Promise(resolve => {
      late = () => resolve(recorded);
    });
  };
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> shift reviews v3 50`);
  await slack.until(() => desk.asked.length === 2);
  expect(desk.asked[1]).toEqual(desk.asked[0]);
  late();
});

test('progress of longer work edits one answer', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({
    kind: 'working',
    share: false,
    async work(progress) {
      for (let sent = 1; sent <= 5; sent += 1) await progress(saying(`${sent} of 5 sent`));
      return saying('all came back');
    },
  });
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> curl reviews`);
  const [mention] = slack.messages(MESH.id);
  await slack.until(() => words(slack.thread(MESH.id, mention!.ts)).includes('all came back'));
  expect(slack.thread(MESH.id, mention!.ts)).toHaveLength(2);
});

test('a direct message asks, and is answered there', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({ kind: 'answer', view: saying('reviews goes to v1') });
  const direct = slack.as(RIKO).directMessages();
  await slack.as(RIKO).say(direct, 'status reviews');
  await slack.until(() => words(slack.messages(direct)).includes('reviews goes to v1'));
  expect(desk.asked[0]).toMatchObject({ text: 'status reviews', place: { channel: direct } });
  /** The bot's own answer is a message there too; it must not ask again. */
  await slack.as(RIKO).say(direct, 'status details');
  await slack.until(() => desk.asked.length === 2);
  expect(desk.asked.map(asked => asked.text)).toEqual(['status reviews', 'status details']);
});

test('where a form is meant a mention gets a button that opens it', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({ kind: 'form' });
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}>`);
  const [mention] = slack.messages(MESH.id);
  const [, answer] = await slack.until(() => {
    const thread = slack.thread(MESH.id, mention!.ts);
    return thread.length === 2 && thread;
  });
  await slack.as(RIKO).click(answer!, 'open-form');
  await slack.until(() => slack.as(RIKO).modals().length === 1);
});

test('when nothing could be stored the thread says so', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => {
    throw new ClusterError('unavailable', 'connect ECONNREFUSED');
  };
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> shift reviews v3 50`);
  await slack.until(() => /Nothing was stored/.test(words(slack.messages(MESH.id))));
});

test("Slack's markup is read as what was typed", () => {
  expect(typed('curl <http://reviews:9080/health|reviews:9080/health>')).toBe('curl reviews:9080/health');
  expect(typed('curl <http://reviews:9080>')).toBe('curl http://reviews:9080');
  expect(typed('status <http://reviews.default|reviews.default>')).toBe('status reviews.default');
  expect(typed('say <@U12345678|sam> and <#C12345678|mesh> and <!here>')).toBe('say @sam and #mesh and @here');
  expect(typed('a &lt;b&gt; &amp;amp; <c> 1 < 2 > 0')).toBe('a <b> &amp; <c> 1 < 2 > 0');
  expect(withoutMention('<@UBOT> status', 'UBOT')).toBe('status');
  expect(withoutMention('<@UBOT|meshbot>: status', 'UBOT')).toBe('status');
  expect(withoutMention('status <@UBOT>', 'UBOT')).toBe('status <@UBOT>');
});
