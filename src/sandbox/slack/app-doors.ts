/** The app's addresses beside the Web API: response_urls and uploads. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SlackRefusal } from './errors.ts';
import type { Hub } from './hub.ts';
import { isObject, parseJson } from './json.ts';
import { postResponse } from './responses.ts';
import { readBody, readForm } from './web-api/arguments.ts';
import { type Outcome, withFaults } from './web-api/trouble.ts';

export async function respond(hub: Hub, ticket: string, request: IncomingMessage, response: ServerResponse) {
  const body = parseJson((await readBody(request)).toString());
  const args = isObject(body) ? body : {};
  const done = (): Outcome => {
    const about = hub.responseUrls.use(ticket);
    if (typeof about === 'string') return { status: 404, body: { ok: false, error: about } };
    if (!isObject(body)) return { status: 400, body: { ok: false, error: 'invalid_payload' } };
    try {
      postResponse(hub, about, body);
      return { status: 200, body: { ok: true } };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      return { status: 400, body: { ok: false, error: error.code, ...error.fields } };
    }
  };
  await withFaults(hub, { method: 'response_url', channel: undefined, args }, response, done, write);
}

/** The bytes alone, or a form with one file in it. */
export async function upload(hub: Hub, ticket: string, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request);
  const contentType = request.headers['content-type'] ?? '';
  let content: Buffer | undefined = body;
  if (contentType.startsWith('multipart/form-data')) {
    const fields = await readForm(body, contentType).catch(() => new Map<string, string | Buffer>());
    const found = [...fields.values()].find(value => typeof value !== 'string');
    content = typeof found === 'string' ? undefined : found;
  }
  const done = (): Outcome => {
    if (!content) return { status: 400, body: 'The form holds no file.' };
    const file = hub.files.receive(ticket, content);
    return typeof file === 'string' ? { status: 400, body: file } : { status: 200, body: `OK - ${content.length}` };
  };
  await withFaults(hub, { method: 'upload', channel: undefined, args: {} }, response, done, write);
}

function write(response: ServerResponse, { status, body, headers }: Outcome): void {
  const json = typeof body !== 'string';
  response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain; charset=utf-8', ...headers });
  response.end(json ? JSON.stringify(body) : body);
}
