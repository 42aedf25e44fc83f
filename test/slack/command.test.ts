import { expect, test } from 'vitest';
import { ClusterError } from '../../src/ports.ts';
import { LENA, MESH, RIKO } from '../../src/sandbox/slack/people.ts';
import { connected, saying, words } from './setup.ts';

test('a command reaches the desk with who, where and a delivery id, and is acknowledged when it is stored', async () => {
  const { slack, desk } = await connected();
  let store = () => {};
  const stored = new Promise<void>(resolve => {
    store = resolve;
  });
  desk.reply = async () => {
    await stored;
    return { kind: 'recorded', change: 'mc-1' };
  };
  let acknowledged = false;
  const said = slack
    .as(RIKO)
    .say(MESH.id, '/mesh shift reviews v3 50 --note "a & b <c>"')
    .then(reply => {
      acknowledged = true;
      return reply;
    });
  await slack.until(() => desk.asked.length === 1);
  expect(acknowledged).toBe(false);
  store();
  expect(await said).toEqual({ ok: true });
  expect(desk.asked).toEqual([
    {
      text: 'shift reviews v3 50 --note "a & b <c>"',
      asker: { team: slack.team.id, user: RIKO.id },
      place: { channel: MESH.id },
      delivery: expect.stringMatching(/^command-[0-9a-f]{24}$/),
    },
  ]);
  expect(slack.ephemerals()).toEqual([]);
});

test('a channel that a command names is known by its id, in a command and in a mention', async () => {
  const { slack, desk } = await connected();
  slack.setManifest({ commands: [{ command: '/mesh', description: 'Traffic', usageHint: '', escapes: true }] });
  await slack.as(RIKO).say(MESH.id, `/mesh health every day 9:00 in #${MESH.name} --note "a & b <c>"`);
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> health every day 9:00 in #${MESH.name}`);
  await slack.until(() => desk.asked.length === 2);
  for (const asked of desk.asked) {
    expect(asked.text).toContain(`health every day 9:00 in #${MESH.name}`);
    expect(asked.channels).toEqual({ [MESH.name]: MESH.id });
  }
  expect(desk.asked[0]!.text).toContain('"a & b <c>"');
});

test('the same command delivered twice has one delivery id; two commands have two', async () => {
  const { slack, desk } = await connected();
  slack.faults.add({ kind: 'duplicate', times: 1 });
  await slack.as(RIKO).say(MESH.id, '/mesh status reviews');
  await slack.until(() => desk.asked.length === 2);
  await slack.as(RIKO).say(MESH.id, '/mesh status reviews');
  await slack.until(() => desk.asked.length === 3);
  const [first, again, other] = desk.asked.map(asked => asked.delivery);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('an answer is shown to the asker alone', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({ kind: 'answer', view: saying('reviews goes to v1') });
  await slack.as(RIKO).say(MESH.id, '/mesh status reviews');
  const [answer] = slack.ephemerals();
  expect(answer?.ephemeralTo).toBe(RIKO.id);
  expect(words(answer?.blocks)).toContain('reviews goes to v1');
});

test('work is acknowledged first, shows how far it is in place, and ends as one message', async () => {
  const { slack, desk } = await connected();
  let finish = () => {};
  const done = new Promise<void>(resolve => {
    finish = resolve;
  });
  desk.reply = () => ({
    kind: 'working',
    share: false,
    async work(progress) {
      await progress(saying('Sending …'));
      await done;
      return saying('200 OK');
    },
  });
  expect(await slack.as(RIKO).say(MESH.id, '/mesh curl reviews')).toEqual({ ok: true });
  await slack.until(() => words(slack.ephemerals()).includes('Sending …'));
  finish();
  await slack.until(() => words(slack.ephemerals()).includes('200 OK'));
  expect(slack.ephemerals()).toHaveLength(1);
});

test('a shared answer is for the channel', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({ kind: 'working', share: true, work: async () => saying('200 OK') });
  await slack.as(RIKO).say(MESH.id, '/mesh curl reviews --share');
  await slack.until(() => words(slack.messages(MESH.id)).includes('200 OK'));
  expect(slack.ephemerals()).toEqual([]);
});

test('an answer still comes when the response_url is used up', async () => {
  const { slack, desk } = await connected();
  slack.faults.add({ kind: 'error', method: 'response_url', error: 'used_url' });
  desk.reply = () => ({ kind: 'working', share: false, work: async () => saying('200 OK') });
  await slack.as(RIKO).say(MESH.id, '/mesh curl reviews');
  await slack.until(() => words(slack.ephemerals()).includes('200 OK'));
});

test('work that fails tells why', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => ({
    kind: 'working',
    share: false,
    work: async () => {
      throw new Error('no gateway answers');
    },
  });
  await slack.as(RIKO).say(MESH.id, '/mesh curl reviews');
  await slack.until(() => words(slack.ephemerals()).includes('no gateway answers'));
});

test('when nothing could be stored the person is told so at once', async () => {
  const { slack, desk } = await connected();
  desk.reply = () => {
    throw new ClusterError('unavailable', 'connect ECONNREFUSED');
  };
  expect(await slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50')).toEqual({ ok: true });
  expect(words(slack.ephemerals())).toMatch(/Nothing was stored.*try again/);
});

test('a command whose socket goes away under it is stored once and finds the other socket', async () => {
  const { slack, desk, connection } = await connected();
  for (const when of ['before', 'after'] as const) {
    slack.faults.add({ kind: 'disconnect', when, times: 1 });
    expect(await slack.as(RIKO).say(MESH.id, `/mesh shift reviews v3 ${when}`)).toEqual({ ok: true });
    const deliveries = desk.asked.filter(asked => asked.text.endsWith(when)).map(asked => asked.delivery);
    expect(new Set(deliveries).size).toBe(1);
    expect(connection.ready()).toBe(true);
    await slack.until(() => slack.sockets.open() === 2);
  }
});

test('a guest of another company is passed on with their own team, for the core to judge', async () => {
  const { slack, desk } = await connected();
  await slack.as(LENA).say(MESH.id, '/mesh shift reviews v3 50');
  expect(desk.asked[0]?.asker).toEqual({ team: LENA.team, user: LENA.id });
});

test('work and forms of a command that is delivered twice are done once', async () => {
  const { slack, desk } = await connected();
  let works = 0;
  desk.reply = () => ({
    kind: 'working',
    share: false,
    async work() {
      works += 1;
      return saying('200 OK');
    },
  });
  slack.faults.add({ kind: 'duplicate', times: 1 });
  await slack.as(RIKO).say(MESH.id, '/mesh curl reviews');
  await slack.until(() => desk.asked.length === 2 && words(slack.ephemerals()).includes('200 OK'));
  expect(works).toBe(1);
  desk.reply = () => ({ kind: 'form' });
  slack.faults.add({ kind: 'duplicate', times: 1 });
  await slack.as(RIKO).say(MESH.id, '/mesh');
  await slack.until(() => desk.asked.length === 4 && slack.as(RIKO).modals().length === 1);
  expect(slack.ephemerals()).toHaveLength(1);
});

test('what comes in is counted by type, with the time to its acknowledgement', async () => {
  const counted: string[] = [];
  const open: number[] = [];
  const meter = {
    envelope: (type: string) => void counted.push(type),
    acked: (type: string, took: number) => void counted.push(`${type} acked ${took >= 0}`),
    sockets: (now: number) => void open.push(now),
  };
  const { slack } = await connected({ meter });
  await slack.as(RIKO).say(MESH.id, '/mesh help');
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> help`);
  await slack.until(() => counted.length === 4);
  expect(counted).toEqual(['command', 'command acked true', 'app_mention', 'app_mention acked true']);
  expect(open).toEqual([1, 2]);
});
