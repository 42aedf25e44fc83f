/**
 * A server that speaks page-protocol.ts with canned messages: the gallery of every block. Tests ask it what the page
 * sent, and make it send events. By hand: `npx node test/sandbox/page/fake-server.ts` and open the address it prints.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PageAction, PageEvent, PageReply } from '../../../src/sandbox/slack/page-protocol.ts';
import { staticFile } from '../../../src/sandbox/slack/static-files.ts';
import { answerTo, releaseSlow } from './answers.ts';
import { galleryState } from './gallery.ts';

export interface FakeServer {
  url: string;
  /** What the page has sent, oldest first. */
  actions: PageAction[];
  /** To every open page. */
  send(event: PageEvent): void;
  /** Cuts every stream of events; while `refuse`, new ones get a 503. */
  cut(refuse: boolean): void;
  /** Answers those who pressed the slow button. */
  release(): void;
  close(): Promise<void>;
}

export async function startFakeServer(port = 0): Promise<FakeServer> {
  const actions: PageAction[] = [];
  const streams = new Set<ServerResponse>();
  let refusing = false;
  const send = (event: PageEvent) => {
    for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/page/events') {
      if (refusing) return response.writeHead(503).end();
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`data: ${JSON.stringify(galleryState(url.searchParams.get('user')))}\n\n`);
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    if (url.pathname === '/page/action') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const action = JSON.parse(body) as PageAction;
      actions.push(action);
      const reply: PageReply = await answerTo(action, send);
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    }
    if (url.pathname === '/files/F1') return response.writeHead(200, { 'content-type': 'text/plain' }).end(wholeDiff());
    const file = await staticFile(url.pathname);
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-store' }).end(file.content);
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    actions,
    send,
    cut(refuse) {
      refusing = refuse;
      for (const stream of streams) stream.destroy();
    },
    release: releaseSlow,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function wholeDiff(): string {
  return Array.from({ length: 40 }, (_one, index) => (index % 3 === 0 ? `+ weight: ${index}` : `  line ${index}`)).join(
    '\n',
  );
}

if (import.meta.main) {
  const server = await startFakeServer(Number(process.argv[2] ?? 0));
  console.log(server.url);
}
