import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { PageAction, PageEvent } from '../../../src/sandbox/slack/page-protocol.ts';
import { JON, LENA, MESH, RIKO, SAM } from '../../../src/sandbox/slack/people.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts';
import { bolt, client, local, modal, stopAfterwards } from './local.ts';

/** One person's window: all events, as they come. */
async function windowOf(slack: LocalSlack, user: string): Promise<PageEvent[]> {
  const closing = new AbortController();
  stopAfterwards(async () => closing.abort());
  const response = await fetch(`${slack.url}page/events?user=${user}`, { signal: closing.signal });
  const events: PageEvent[] = [];
  const read = async () => {
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)));
    }
  };
  read().catch(() => {});
  await slack.until(() => events.length > 0);
  return events;
}

async function post(slack: LocalSlack, action: PageAction) {
  const response = await fetch(`${slack.url}page/action`, { method: 'POST', body: JSON.stringify(action) });
  return response.json();
}

/** A request with exactly these headers. */
function raw(slack: LocalSlack, path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; body: string; type: string }>((resolve, reject) => {
    const { port } = new URL(slack.url);
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, response => {
      let body = '';
      response.on('data', part => {
        body += part;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body, type: String(response.headers['content-type']) });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('a window begins with all that its person may see', async () => {
  const slack = await local({ commands: [{ command: '/mesh', description: 'Traffic', usageHint: 'shift' }] });
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'card' });
  await client(slack).chat.postEphemeral({ channel: MESH.id, user: JON.id, text: 'psst' });
  const [riko] = await windowOf(slack, RIKO.id);
  expect(riko).toMatchObject({
    type: 'state',
    me: { id: RIKO.id, realName: 'Riko Tanaka', isGuest: false },
    app: { botUser: slack.botUser, connected: false },
    commands: [{ command: '/mesh' }],
    messages: [{ text: 'card', user: slack.botUser }],
    modals: [],
  });
  const [lena] = await windowOf(slack, LENA.id);
  if (lena?.type !== 'state') throw new Error('not a state');
  expect(lena.me.isGuest).toBe(true);
  expect(lena.channels.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['channel mesh', 'im directmessage']);
});

test('a window hears of messages, replies, modals, errors and the Home, and of nobody else’s', async () => {
  const slack = await local();
  await bolt(slack, app => {
    app.command('/mesh', async ({ ack, command, client: web }) => {
      await ack('working');
      await web.views.open({ trigger_id: command.trigger_id, view: modal({ callback_id: 'form' }) });
      await web.views.publish({ user_id: command.user_id, view: { type: 'home', blocks: [{ type: 'divider' }] } });
    });
    app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { why: 'More.' } }));
  });
  const riko = await windowOf(slack, RIKO.id);
  const sam = await windowOf(slack, SAM.id);
  expect(await post(slack, { type: 'say', user: RIKO.id, channel: MESH.id, text: 'hello' })).toEqual({ ok: true });
  expect(await post(slack, { type: 'say', user: RIKO.id, channel: MESH.id, text: '/mesh' })).toEqual({ ok: true });
  await slack.until(() => riko.some(event => event.type === 'home'));
  const { viewId } = slack.as(RIKO).modals()[0]!;
  const state = { why: { reason: { type: 'plain_text_input', value: 'x' } } };
  expect(await post(slack, { type: 'submit', user: RIKO.id, viewId, state })).toEqual({ ok: true });
  expect(await post(slack, { type: 'close', user: RIKO.id, viewId })).toEqual({ ok: true });
  const ts = slack.messages(MESH.id)[0]!.ts;
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'reply', thread_ts: ts });
  await slack.until(() => sam.length >= 4);
  expect(riko.slice(1).map(event => event.type)).toEqual([
    'message',
    'message',
    'modal',
    'home',
    'modal-errors',
    'modal-closed',
    'message',
    'message',
  ]);
  expect(riko[4]).toMatchObject({ view: { id: expect.stringMatching(/^V/), type: 'home' } });
  expect(sam.slice(1)).toMatchObject([
    { type: 'message', message: { text: 'hello', user: RIKO.id } },
    { type: 'message', message: { text: 'reply', threadTs: ts } },
    { type: 'message', message: { text: 'hello', replyCount: 1 } },
  ]);
});

test('a window hears when the app connects', async () => {
  const slack = await local();
  const riko = await windowOf(slack, RIKO.id);
  await bolt(slack, () => {}, 1);
  await slack.until(() => riko.some(event => event.type === 'connected' && event.connected));
});

test('a window that names nobody is that of who asks', async () => {
  const slack = await local();
  expect((await windowOf(slack, ''))[0]).toMatchObject({ me: { id: RIKO.id } });
});

test('an action that is none, or of nobody, gets a sentence', async () => {
  const slack = await local();
  expect(await post(slack, { type: 'dance' } as never)).toEqual({
    ok: false,
    error: 'That is no action of this page.',
  });
  expect(await post(slack, { type: 'say', user: 'UNOBODY000', channel: MESH.id, text: 'x' })).toEqual({
    ok: false,
    error: 'Nobody of that id can use this page.',
  });
  expect((await fetch(`${slack.url}page/events?user=${slack.botUser}`)).status).toBe(404);
});

test('the libraries of the page are served, linked to each other', async () => {
  const slack = await local();
  const hooks = await raw(slack, '/lib/preact-hooks.js', { host: new URL(slack.url).host });
  expect(hooks).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
  expect(hooks.body).toMatch(/from\s*"\/lib\/preact\.js"/);
  expect((await fetch(`${slack.url}lib/preact.js`)).status).toBe(200);
  expect((await fetch(`${slack.url}lib/htm.js`)).status).toBe(200);
});

test('TypeScript of the page is served as JavaScript', async () => {
  const slack = await local();
  const served = await fetch(`${slack.url}html.ts`);
  expect(served.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const code = await served.text();
  expect(code).toContain('/lib/preact.js');
  expect(code).not.toContain('import type');
});

test('nothing outside of the page’s folder is served', async () => {
  const slack = await local();
  const { host } = new URL(slack.url);
  for (const path of [
    '/../server.ts',
    '/%2e%2e/server.ts',
    '/..%2fserver.ts',
    '/lib/../../server.ts',
    '/%00',
    '/%',
    '/package.json',
  ]) {
    expect((await raw(slack, path, { host })).status).toBe(404);
  }
});

test('what is no address is told so', async () => {
  const slack = await local();
  const { host } = new URL(slack.url);
  expect((await raw(slack, '//', { host })).status).toBe(400);
  const upgrade = { host, connection: 'Upgrade', upgrade: 'websocket' };
  expect((await raw(slack, '//', upgrade)).status).toBe(404);
});

test('a name that another site points at this machine gets nothing', async () => {
  const slack = await local();
  expect((await raw(slack, '/', { host: 'attacker.example' })).status).toBe(421);
  expect((await raw(slack, '/api/auth.test', { host: `attacker.example:${new URL(slack.url).port}` })).status).toBe(
    421,
  );
  expect((await raw(slack, '/faults', { host: new URL(slack.url).host })).status).toBe(200);
});

test("another site's page can do nothing here", async () => {
  const slack = await local();
  const { host } = new URL(slack.url);
  const foreign = { host, origin: 'http://attacker.example' };
  expect((await raw(slack, '/page/action', foreign, 'POST')).status).toBe(403);
  expect(
    (await raw(slack, '/faults', { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status,
  ).toBe(403);
  expect((await raw(slack, '/faults', { host, origin: `http://${host}` })).status).toBe(200);
});
