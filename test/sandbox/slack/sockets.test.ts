import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MESH, RIKO } from '../../../src/sandbox/slack/people.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts';
import { bareSocket, bolt, client, local, refusal } from './local.ts';

/** A Bolt app that notes each command it gets. */
async function noting(slack: LocalSlack, sockets = 2): Promise<string[]> {
  const heard: string[] = [];
  await bolt(
    slack,
    app =>
      app.command('/mesh', async ({ ack, command }) => {
        heard.push(command.text);
        await ack();
      }),
    sockets,
  );
  await slack.until(() => slack.sockets.open() === sockets);
  return heard;
}

test('envelopes are spread over the open sockets in turn', async () => {
  const slack = await local();
  const heard = await noting(slack, 3);
  for (let n = 0; n < 9; n += 1) await slack.as(RIKO).say(MESH.id, `/mesh status ${n}`);
  expect(heard).toHaveLength(9);
  expect(slack.sockets.spread()).toEqual([3, 3, 3]);
});

test('a duplicate comes twice with the same trigger_id, over two sockets', async () => {
  const slack = await local();
  const heard = await noting(slack);
  slack.faults.add({ kind: 'duplicate', times: 1 });
  expect(await slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50')).toEqual({ ok: true });
  await slack.until(() => heard.length === 2);
  expect(heard).toEqual(['shift reviews v3 50', 'shift reviews v3 50']);
  expect(slack.sockets.spread()).toEqual([1, 1]);
  await slack.as(RIKO).say(MESH.id, '/mesh status');
  expect(heard).toHaveLength(3);
});

test('a command survives the loss of a socket before it is delivered', async () => {
  const slack = await local();
  const heard = await noting(slack);
  slack.faults.add({ kind: 'disconnect', when: 'before', times: 1 });
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({ ok: true });
  expect(heard).toEqual(['status']);
  expect(slack.sockets.open()).toBe(1);
});

test('a command comes again over the other socket when its own is lost before the acknowledgement', async () => {
  const slack = await local();
  const heard = await noting(slack);
  slack.faults.add({ kind: 'disconnect', when: 'after', times: 1 });
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({ ok: true });
  expect(heard).toEqual(['status', 'status']);
  expect(slack.sockets.spread()).toEqual([1, 1]);
});

test('an app that was told to disconnect comes back', async () => {
  const slack = await local();
  const heard = await noting(slack, 1);
  slack.sockets.disconnectAll();
  expect(slack.sockets.open()).toBe(0);
  await slack.until(() => slack.sockets.open() === 1);
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({ ok: true });
  expect(heard).toEqual(['status']);
});

test('the eleventh socket is told that there are too many', async () => {
  const slack = await local();
  const ten = await Promise.all(Array.from({ length: 10 }, () => bareSocket(slack)));
  expect(ten.every(({ frames }) => frames[0]?.type === 'hello')).toBe(true);
  const eleventh = await bareSocket(slack);
  expect(eleventh.frames[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  expect(slack.sockets.open()).toBe(10);
  for (const { socket } of [...ten, eleventh]) socket.close();
});

test('too many sockets can be made believe', async () => {
  const slack = await local();
  slack.faults.add({ kind: 'too-many-websockets', times: 1 });
  const { socket, frames } = await bareSocket(slack);
  expect(frames[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  socket.close();
});

test('an address for a socket opens one, once', async () => {
  const slack = await local();
  const { url } = await client(slack, slack.appToken).apps.connections.open({});
  const outcome = (address: string) =>
    new Promise<string>(resolve => {
      const socket = new WebSocket(address);
      socket.on('open', () => resolve('open'));
      socket.on('error', error => resolve(error.message));
    });
  expect(await outcome(url!)).toBe('open');
  expect(await outcome(url!)).toBe('Unexpected server response: 403');
  expect(await outcome(url!.replace(/ticket=\w+/, 'ticket=guess'))).toBe('Unexpected server response: 403');
});

test('an envelope has what Slack sends', async () => {
  const slack = await local();
  const { socket, frames } = await bareSocket(slack);
  expect(frames[0]).toMatchObject({ type: 'hello', num_connections: 1, connection_info: { app_id: 'AMESHBOT01' } });
  const said = slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50');
  const envelope = await slack.until(() => frames[1]);
  expect(envelope).toMatchObject({
    type: 'slash_commands',
    accepts_response_payload: true,
    payload: {
      command: '/mesh',
      text: 'shift reviews v3 50',
      user_id: RIKO.id,
      user_name: 'riko',
      team_id: slack.team.id,
      channel_id: MESH.id,
      channel_name: 'mesh',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining(slack.url),
    },
  });
  expect(envelope.payload).not.toHaveProperty('thread_ts');
  socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, payload: {} }));
  expect(await said).toEqual({ ok: true });
  socket.close();
});

test('with a revoked app token no socket opens', async () => {
  const slack = await local();
  slack.faults.add({ kind: 'token-revoked', token: 'app' });
  expect(await refusal(client(slack, slack.appToken).apps.connections.open({}))).toMatchObject({
    error: 'token_revoked',
  });
});
