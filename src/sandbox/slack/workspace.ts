/** A Slack in memory, without a door: a workspace with people, and what its APIs answer. Whoever has a connection serves it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../ports.ts';
import { realClock } from '../clock.ts';
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

export interface WorkspaceOptions {
  /** Of the page: what addresses that it gives out begin with. Ends with '/'. */
  url: string;
  /** Epoch ms; for timestamps, trigger_ids and response_urls. The clock's unless given. */
  now?: () => number;
  /** All waiting, and the moment that requests are signed for. */
  clock?: Clock;
  /** How the app hears of things. Socket Mode unless said otherwise. */
  events?: { url: string } | 'socket';
  /** Brings what happened to the request URL. */
  fetch?: typeof fetch;
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

export interface Workspace extends Driver {
  /** Answers one request; for `createServer`, or for whoever has no sockets. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Of a connection that becomes a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
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

export function newWorkspace(options: WorkspaceOptions): Workspace {
  const { url } = options;
  const time = options.clock ?? realClock;
  const ackTimeout = options.ackTimeout ?? 3000;
  const clock = timestamps(options.now ?? time.now);
  const changes = newChanges();
  const faults = newFaults();
  const tokens = newTokens(options.scopes ?? DEFAULT_SCOPES);
  const sockets = newSocketMode({ faults, changes, ackTimeout });
  const delivery = newDelivery(sockets, options.eventRetries ?? EVENT_RETRIES, time);
  const hub: Hub = {
    url,
    clock,
    time,
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
    const http = newHttpEvents({
      url: events.url,
      signingSecret: tokens.signingSecret,
      faults,
      changes,
      ackTimeout,
      clock: time,
      fetch: options.fetch ?? fetch,
    });
    verify = http.verify;
    delivery.use(http);
  };
  setEvents(options.events ?? 'socket');
  return {
    ...newDriver(hub),
    handle: (request, response) => answer(hub, request, response),
    upgrade: (request, socket, head) => upgrade(hub, request, socket, head),
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
    },
  };
}

function answer(hub: Hub, request: IncomingMessage, response: ServerResponse): void {
  route(hub, request, response).catch((error: unknown) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(String(error));
  });
}

function upgrade(hub: Hub, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const address = addressOf(request, hub.url);
  if (!isLoopbackHost(request.headers.host) || !address?.pathname.startsWith('/link')) {
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    return;
  }
  hub.sockets.upgrade(request, socket, head, address.searchParams.get('ticket') ?? '');
}
