import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MESH, RIKO } from '../../src/sandbox/slack/people.ts';
import { startSlack } from '../../src/sandbox/slack/server.ts';
import { SCOPES } from '../../src/slack/scopes.ts';
import { createSlack } from '../../src/slack/slack.ts';
import { clock, connected, newDesk, newLog, saying } from './setup.ts';

test('two sockets are opened, and both are closed when stop has resolved', async () => {
  const { slack, connection } = await connected();
  await slack.until(() => slack.sockets.open() === 2);
  expect(connection.ready()).toBe(true);
  await connection.stop();
  await slack.until(() => slack.sockets.open() === 0, 500);
  expect(connection.ready()).toBe(false);
});

test('when Slack moves its servers, sockets come back at once and commands get through meanwhile', async () => {
  const { slack, desk, connection } = await connected();
  for (let round = 0; round < 3; round += 1) {
    slack.sockets.disconnectAll();
    await slack.until(() => slack.sockets.open() === 2, 3000);
    expect(await slack.as(RIKO).say(MESH.id, '/mesh help')).toEqual({ ok: true });
  }
  expect(desk.asked).toHaveLength(3);
  expect(connection.ready()).toBe(true);
});

test('too many sockets: it waits and tries again', async () => {
  const { slack, connection } = await connected();
  slack.faults.add({ kind: 'too-many-websockets', times: 3 });
  slack.sockets.disconnectAll();
  await slack.until(() => slack.sockets.open() === 2);
  expect(connection.ready()).toBe(true);
});

test('a token revoked while running makes it not ready, says so in the log, and ends nothing', async () => {
  const { slack, connection, log } = await connected();
  slack.faults.add({ kind: 'token-revoked', token: 'app' });
  slack.sockets.disconnectAll();
  await slack.until(() => !connection.ready());
  await slack.until(() =>
    log.lines.some(({ level, fields }) => level === 'error' && /token|auth/.test(String(fields.why))),
  );
  slack.faults.clear();
  await connection.stop();
});

test('a wrong bot token is a sentence with what to do', async () => {
  const slack = await startSlack({ scopes: SCOPES });
  const options = { apiUrl: slack.apiUrl, teams: [], clock, log: newLog() };
  await expect(
    createSlack({ ...options, credentials: { kind: 'socket', botToken: 'xoxb-1', appToken: slack.appToken } }),
  ).rejects.toMatchObject({
    name: 'SlackStartError',
    temporary: false,
    message: expect.stringContaining('SLACK_BOT_TOKEN'),
  });
  await slack.close();
  await expect(
    createSlack({ ...options, credentials: { kind: 'socket', botToken: slack.botToken, appToken: slack.appToken } }),
  ).rejects.toMatchObject({ name: 'SlackStartError', temporary: true });
});

test('a wrong app token fails the start', async () => {
  const slack = await startSlack({ scopes: SCOPES });
  const connection = await createSlack({
    credentials: { kind: 'socket', botToken: slack.botToken, appToken: 'xapp-1-A1-wrong' },
    apiUrl: slack.apiUrl,
    teams: [],
    clock,
    log: newLog(),
  });
  connection.listen(newDesk());
  await expect(connection.start()).rejects.toThrow(/invalid_auth/);
  await connection.stop();
  await slack.close();
});

test('missing scopes are known at the start', async () => {
  const { connection } = await connected({}, { scopes: SCOPES.filter(scope => scope !== 'files:write') });
  expect(connection.missingScopes().map(({ scope }) => scope)).toEqual(['files:write']);
});

test('stop waits for what is under way', async () => {
  const { slack, desk, connection } = await connected();
  desk.reply = () => ({
    kind: 'working',
    share: false,
    async work() {
      await sleep(150);
      return saying('done after all');
    },
  });
  await slack.as(RIKO).say(MESH.id, '/mesh curl reviews');
  await connection.stop();
  expect(slack.ephemerals().map(({ text }) => text)).toEqual(['done after all']);
});

test('a call that hangs ends, and is told as what may pass', async () => {
  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const error = await createSlack({
    credentials: { kind: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1' },
    apiUrl: `http://127.0.0.1:${address.port}/api/`,
    teams: [],
    clock,
    log: newLog(),
    timeout: 150,
  }).catch((error: unknown) => error);
  expect(error).toMatchObject({ name: 'SlackStartError', temporary: true });
  silent.closeAllConnections();
  silent.close();
});

test('no token and no one-time address is ever logged', async () => {
  const { slack, connection, log } = await connected();
  slack.faults.add({ kind: 'token-revoked', token: 'bot' });
  slack.faults.add({ kind: 'token-revoked', token: 'app' });
  slack.sockets.disconnectAll();
  await connection.chat.groupMembers('S123').catch(() => {});
  await slack.until(() => log.lines.some(({ level }) => level === 'error'));
  const all = JSON.stringify(log.lines, (_, value: unknown) => (value instanceof Error ? String(value.stack) : value));
  expect(all).not.toContain(slack.botToken);
  expect(all).not.toContain(slack.appToken);
  expect(all).not.toMatch(/ticket=[0-9a-f]/);
});
