/** Starts a local Slack: a workspace with people, the APIs that @slack/bolt talks to, and a page to use it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { timestamps } from './clock.ts';
import { EVENT_RETRIES, newDelivery } from './delivery.ts';
import { type Driver, newDriver } from './driver.ts';
import { type Faults, newFaults } from './faults.ts';
import { newFiles } from './files.ts';
import { newHttpEvents } from './http-events.ts';
import type { Hub } from './hub.ts';
import { newChanges } from './listeners.ts';
import { newMessages } from './messages.ts';
import type { PageCommand } from './page-protocol.ts';
import { APP, TEAM } from './people.ts';
import { newRates } from './rates.ts';
import { newRequests, type Requests } from './requests.ts';
import { newResponseUrls } from './response-urls.ts';
import { addressOf, isLoopbackHost, route } from './routes.ts';
import { newSocketMode } from './socket-mode.ts';
import { DEFAULT_SCOPES, newTokens } from './tokens.ts';
import { newTriggers } from './triggers.ts';
import { newViews } from './views.ts';
import { newWorld, type World } from './world.ts';

export interface SlackOptions {
  /** 0, the default: any that is free. */
  port?: number;
  /** Epoch ms; for timestamps, trigger_ids and response_urls. */
  now?: () => number;
  /** How the app hears of things. Socket Mode unless said otherwise. */
  events?: { url: string } | 'socket';
  commands?: PageCommand[];
  /** Of the bot token. */
  scopes?: readonly string[];
  /** Events the app listens to: app_mention, app_home_opened and message.im unless said otherwise. */
  listens?: readonly string[];
  /** ms the app has for an acknowledgement; Slack gives it 3000. */
  ackTimeout?: number;
  /** ms before each further try of an event that was not acknowledged. */
  eventRetries?: readonly number[];
}

export interface LocalSlack extends Driver {
  /** Of the page, ends with '/'. */
  url: string;
  /** For `slackApiUrl`, ends with '/api/'. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  team: { id: string; name: string };
  /** Id. */
  botUser: string;
  world: World;
  faults: Faults;
  requests: Requests;
  /** Takes effect at once; open pages see it when they are loaded again. */
  setManifest(manifest: { commands?: PageCommand[]; scopes?: readonly string[]; listens?: readonly string[] }): void;
  /** Switches between Socket Mode and a request URL. */
  setEvents(events: { url: string } | 'socket'): void;
  /** Asks the request URL to prove itself; false in Socket Mode. */
  verifyRequestUrl(): Promise<boolean>;
  sockets: { open(): number; spread(): number[]; disconnectAll(reason?: string): void };
  close(): Promise<void>;
}

const DEFAULT_COMMANDS: PageCommand[] = [
  { command: '/mesh', description: "Change the mesh's traffic", usageHint: 'help' },
];
const DEFAULT_EVENTS = ['app_mention', 'app_home_opened', 'message.im'];

/** Throws an Error with the system's own as its cause where the port cannot be had. */
export async function startSlack(options: SlackOptions = {}): Promise<LocalSlack> {
  const server = createServer();
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;

  const ackTimeout = options.ackTimeout ?? 3000;
  const clock = timestamps(options.now ?? Date.now);
  const changes = newChanges();
  const faults = newFaults();
  const tokens = newTokens(options.scopes ?? DEFAULT_SCOPES);
  const sockets = newSocketMode({ faults, changes, ackTimeout });
  const delivery = newDelivery(sockets, options.eventRetries ?? EVENT_RETRIES);
  const hub: Hub = {
    url,
    clock,
    changes,
    faults,
    tokens,
    sockets,
    delivery,
    world: newWorld(),
    messages: newMessages(clock, changes),
    views: newViews(changes),
    files: newFiles(clock.now),
    triggers: newTriggers(clock.now),
    responseUrls: newResponseUrls(clock.now),
    requests: newRequests(),
    rates: newRates(clock.now),
    manifest: {
      commands: options.commands ?? DEFAULT_COMMANDS,
      events: new Set(options.listens ?? DEFAULT_EVENTS),
    },
  };

  let verify = () => Promise.resolve(false);
  const setEvents = (events: { url: string } | 'socket') => {
    if (events === 'socket') {
      verify = () => Promise.resolve(false);
      delivery.use(sockets);
      return;
    }
    const http = newHttpEvents({ url: events.url, signingSecret: tokens.signingSecret, faults, changes, ackTimeout });
    verify = http.verify;
    delivery.use(http);
  };
  setEvents(options.events ?? 'socket');
  serve(server, hub);

  return {
    ...newDriver(hub),
    url,
    apiUrl: `${url}api/`,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret: tokens.signingSecret,
    team: { id: TEAM.id, name: TEAM.name },
    botUser: APP.botUser,
    world: hub.world,
    faults,
    requests: hub.requests,
    sockets,
    setEvents,
    verifyRequestUrl: () => verify(),
    setManifest({ commands, scopes, listens }) {
      if (commands) hub.manifest.commands = commands;
      if (scopes) tokens.scopes = new Set(scopes);
      if (listens) hub.manifest.events = new Set(listens);
    },
    async close() {
      delivery.close();
      await sockets.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const why = taken ? 'something else is using that port' : 'the system refused';
    throw new Error(`The local Slack cannot listen on 127.0.0.1:${port}: ${why}.`, { cause });
  }
}

function serve(server: Server, hub: Hub): void {
  server.on('request', (request, response) => {
    route(hub, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const address = addressOf(request, hub.url);
    if (!isLoopbackHost(request.headers.host) || !address?.pathname.startsWith('/link')) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    hub.sockets.upgrade(request, socket, head, address.searchParams.get('ticket') ?? '');
  });
}
