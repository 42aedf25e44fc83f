/** Answers one call of the Web API: reads it, checks the token, lets faults in, and writes Slack's answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { stringIn } from '../json.ts';
import { authorize } from '../tokens.ts';
import { argumentsOf, readArguments } from './arguments.ts';
import { basics } from './basics.ts';
import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import { files } from './files.ts';
import { history } from './history.ts';
import type { Method, Methods } from './method.ts';
import { type Outcome, withFaults } from './trouble.ts';
import { users } from './users.ts';
import { views } from './views.ts';

const METHODS: Methods = { ...basics, ...chat, ...conversations, ...history, ...users, ...views, ...files };

export async function callMethod(
  hub: Hub,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  let raw: JsonObject;
  try {
    raw = await readArguments(request, query);
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    hub.requests.add({ at: hub.clock.now(), method: name, args: {}, status: 200, error: error.code });
    send(response, { status: 200, body: refused(error) });
    return;
  }
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? stringIn(raw, 'token');
  const { token: _token, ...args } = raw;
  const channel = stringIn(args, 'channel') ?? stringIn(args, 'channel_id');
  await withFaults(hub, { method: name, channel, args }, response, () => answer(hub, name, token, args), send);
}

function answer(hub: Hub, name: string, token: string | undefined, args: JsonObject): Outcome {
  const headers: Record<string, string> = {};
  try {
    if (name === 'api.test') {
      if (args.error) throw new SlackRefusal(String(args.error), { args });
      return { status: 200, body: { ok: true, args } };
    }
    const method: Method | undefined = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (!method) throw new SlackRefusal('unknown_method', { req_method: name });
    const revoked = hub.faults.take('token-revoked', fault => (fault.token ?? 'bot') === method.needs.token);
    if (revoked) throw new SlackRefusal('token_revoked');
    if (method.needs.any.length > 0) headers['x-accepted-oauth-scopes'] = method.needs.any.join(',');
    if (token === hub.tokens.bot) headers['x-oauth-scopes'] = [...hub.tokens.scopes].join(',');
    authorize(hub.tokens, token, method.needs);
    return { status: 200, body: { ok: true, ...method.call(hub, argumentsOf(args)) }, headers };
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    return { status: 200, body: refused(error), headers };
  }
}

function refused(error: SlackRefusal): JsonObject {
  return { ok: false, error: error.code, ...error.fields };
}

function send(response: ServerResponse, { status, body, headers }: Outcome): void {
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
