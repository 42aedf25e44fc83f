import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, type BlockAction, HTTPReceiver } from '@slack/bolt';
import { expect, test } from 'vitest';
import { MESH, RIKO, SAM } from '../../../src/sandbox/slack/people.ts';
import type { LocalSlack, SlackOptions } from '../../../src/sandbox/slack/server.ts';
import { silent } from './bolt.ts';
import { client, local, modal, stopAfterwards, text } from './local.ts';

/** Bolt's own HTTP receiver behind a server of the test, and a local Slack that sends to it. */
async function overHttp(listen: (app: App) => void, options: SlackOptions & { secret?: string } = {}) {
  const slack = await local(options);
  const receiver = new HTTPReceiver({ signingSecret: options.secret ?? slack.signingSecret, logger: silent });
  const app = new App({
    token: slack.botToken,
    receiver,
    logger: silent,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  listen(app);
  await app.init();
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    receiver.requestListener(request, response);
  });
  await listening(server);
  slack.setEvents({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` });
  return { slack, requests };
}

async function listening(server: ReturnType<typeof createServer>): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stopAfterwards(async () => {
    server.close();
    server.closeAllConnections();
  });
}

test('the request URL proves itself by echoing a challenge', async () => {
  const { slack, requests } = await overHttp(() => {});
  expect(await slack.verifyRequestUrl()).toBe(true);
  expect(requests).toHaveLength(1);
  const wrong = await overHttp(() => {}, { secret: 'not the secret' });
  expect(await wrong.slack.verifyRequestUrl()).toBe(false);
});

test('commands, clicks, forms, menus and mentions come signed over HTTP, and are answered', async () => {
  const heard: string[] = [];
  const { slack, requests } = await overHttp(app => {
    app.command('/mesh', async ({ ack, command }) => {
      heard.push(`command ${command.text}`);
      await ack({ response_type: 'in_channel', text: 'taken' });
    });
    app.action<BlockAction>('approve', async ({ ack, body, client: web }) => {
      heard.push('click');
      await ack();
      await web.views.open({ trigger_id: body.trigger_id, view: modal({ callback_id: 'form' }) });
    });
    app.view('form', async ({ ack }) => {
      heard.push('form');
      await ack({ response_action: 'errors', errors: { why: 'Say more.' } });
    });
    app.options('service', async ({ ack }) => {
      heard.push('menu');
      await ack({ options: [{ text: text('reviews'), value: 'reviews' }] });
    });
    app.event('app_mention', async () => {
      heard.push('mention');
    });
  });
  expect(await slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50')).toEqual({ ok: true });
  expect(slack.messages(MESH.id)).toMatchObject([{ text: 'taken' }]);

  const elements = [
    { type: 'button' as const, action_id: 'approve', text: text('Approve') },
    { type: 'external_select' as const, action_id: 'service' },
  ];
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'card', blocks: [{ type: 'actions', elements }] });
  const card = slack.messages(MESH.id)[1]!;
  expect(await slack.as(SAM).options(card, 'service', 're')).toMatchObject({
    ok: true,
    options: [{ value: 'reviews' }],
  });
  expect(await slack.as(SAM).click(card, 'approve')).toEqual({ ok: true });
  const form = await slack.until(() => slack.as(SAM).modals()[0]);
  expect(await slack.as(SAM).submit(form.viewId, { reason: 'x' })).toEqual({ ok: true });
  expect(slack.as(SAM).modals()).toHaveLength(1);
  await slack.as(RIKO).say(MESH.id, '@meshbot hello');
  await slack.until(() => heard.includes('mention'));
  expect(heard).toEqual(['command shift reviews v3 50', 'menu', 'click', 'form', 'mention']);
  for (const { headers } of requests) {
    expect(headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/);
    expect(headers['x-slack-request-timestamp']).toMatch(/^\d{10}$/);
  }
});

test('an app with another signing secret hears nothing', async () => {
  const heard: string[] = [];
  const { slack } = await overHttp(
    app =>
      app.command('/mesh', async ({ ack, command }) => {
        heard.push(command.text);
        await ack();
      }),
    { secret: 'not the secret' },
  );
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toMatchObject({ ok: false });
  expect(heard).toEqual([]);
});

test('an app that is late, or that fails, is told to the person', async () => {
  const { slack } = await overHttp(
    app => {
      app.command('/mesh', async () => {});
    },
    { ackTimeout: 100 },
  );
  expect(await slack.verifyRequestUrl()).toBe(true);
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({
    ok: false,
    error: '/mesh failed because the app did not respond within 3 seconds (operation_timeout).',
  });
});

/** A request URL that proves itself and then answers every event with this status. */
async function answering(slack: LocalSlack, status: number): Promise<IncomingMessage[]> {
  const events: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { challenge } = JSON.parse(body) as { challenge?: string };
    if (challenge) response.end(challenge);
    else {
      events.push(request);
      response.writeHead(status).end();
    }
  });
  await listening(server);
  slack.setEvents({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  return events;
}

test('an event that the app answers with an error is sent again, numbered', async () => {
  const slack = await local({ eventRetries: [0, 10] });
  const events = await answering(slack, 500);
  await slack.as(RIKO).say(MESH.id, '@meshbot status');
  await slack.until(() => events.length === 3);
  const retried = events.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);
  expect(retried).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_error'],
  ]);
});

test('a duplicate is sent twice over HTTP, too', async () => {
  const slack = await local();
  const events = await answering(slack, 200);
  slack.faults.add({ kind: 'duplicate', envelope: 'events_api', times: 1 });
  await slack.as(RIKO).say(MESH.id, '@meshbot status');
  await slack.until(() => events.length === 2);
  await slack.as(RIKO).say(MESH.id, '@meshbot again');
  await slack.until(() => events.length === 3);
});
