/** Connects meshbot to Slack: who it is there, a chat for the core to speak through, and listeners for a desk. */
import type { RequestListener } from 'node:http';
import { App, type Receiver } from '@slack/bolt';
import type { Chat, Clock, Desk, Log } from '../ports.ts';
import { newBackground } from './background.ts';
import { newChat } from './chat.ts';
import { clientOptions, newClient } from './client.ts';
import { newGallery } from './gallery.ts';
import { newHttpIntake } from './http.ts';
import { type Identity, whoAmI } from './identity.ts';
import { newIntake, type SlackMeter } from './intake.ts';
import { newRecent } from './listeners/delivery.ts';
import { listenToAll } from './listeners/listen.ts';
import { boltLogger } from './logger.ts';
import { newPace } from './pace.ts';
import { type MissingScope, missingScopes } from './scopes.ts';
import { newSocket, type Socket } from './sockets.ts';

export type SlackCredentials =
  | { kind: 'socket'; botToken: string; appToken: string }
  /**
   * `host` is 127.0.0.1 unless told: in a pod it must be told. Without a port nothing is listened on: requests are handed
   * to the connection's `handle`.
   */
  | { kind: 'http'; botToken: string; signingSecret: string; port?: number; host?: string };

export interface SlackOptions {
  credentials: SlackCredentials;
  /** Another Slack than the real one, ending in `/api/`. */
  apiUrl?: string;
  /** '/mesh' unless told. */
  command?: string;
  /** Teams whose people are no guests; none: the bot's own only (as in the policy). */
  teams: string[];
  clock: Clock;
  log: Log;
  meter?: SlackMeter;
  /** ms between two edits of one message; 2000 unless told. */
  editGap?: number;
  /** ms that a call to Slack may take; 10,000 unless told. */
  timeout?: number;
  /** Sends calls to Slack; Node's own unless given. */
  fetch?: typeof fetch;
}

export interface SlackConnection {
  /** Works before `start`. */
  chat: Chat;
  identity: Identity;
  /** What the token lacks, each with what to do about it. */
  missingScopes(): MissingScope[];
  /** Who gets what people do. Once, before `start`. */
  listen(desk: Desk): void;
  /** Resolves when Slack can reach us; rejects when it never will: a refused app token, a taken port. */
  start(): Promise<void>;
  /** Takes one signed request of Slack's; undefined in Socket Mode. */
  handle: RequestListener | undefined;
  /** Whether Slack can reach us now. */
  ready(): boolean;
  /** Finishes what came in, then closes. Resolves when sockets and port are closed. */
  stop(): Promise<void>;
}

/** How long `stop` waits for what is under way before it closes, ms. */
const DRAIN = 8000;
/** So that Slack's `disconnect` to one never leaves us deaf. */
const SOCKETS = 2;

/** Throws SlackStartError when Slack cannot be asked who we are. */
export async function createSlack(options: SlackOptions): Promise<SlackConnection> {
  const { credentials, apiUrl, clock, log } = options;
  const logger = boltLogger(log);
  const sending = { timeout: options.timeout, fetch: options.fetch };
  const client = newClient(credentials.botToken, logger, apiUrl, sending);
  const identity = await whoAmI(client, log);
  const background = newBackground(log);
  const editGap = options.editGap ?? 2000;
  const gallery = newGallery(client, clock);
  const chat = newChat({ client, identity, teams: options.teams, clock, background, gallery, editGap });
  const intake = newIntake(clock, options.meter);

  const app = new App({
    receiver: NONE,
    authorize: async () => ({
      botToken: credentials.botToken,
      botId: identity.botId,
      botUserId: identity.botUser,
      teamId: identity.team,
    }),
    deferInitialization: true,
    convoStore: false,
    logger,
    clientOptions: clientOptions(logger, apiUrl, { fetch: options.fetch }),
  });
  app.error(async error => {
    throw error;
  });

  const sockets: Socket[] = [];
  const changed = (): void => options.meter?.sockets(sockets.filter(socket => socket.open()).length);
  const http =
    credentials.kind === 'http'
      ? newHttpIntake({ host: '127.0.0.1', port: undefined, ...credentials, logger, log, clock })
      : undefined;
  if (credentials.kind === 'socket') {
    const { appToken } = credentials;
    for (let number = 1; number <= SOCKETS; number += 1) {
      sockets.push(newSocket({ appToken, apiUrl, logger, log, clock, number, changed }));
    }
  }
  for (const { receiver } of http ? [http] : sockets) intake.connect(receiver, app);

  return {
    chat,
    identity,
    missingScopes: () => missingScopes(identity.scopes),
    listen(desk) {
      listenToAll(app, {
        desk,
        chat,
        client,
        fetch: options.fetch,
        identity,
        teams: options.teams,
        command: options.command ?? '/mesh',
        clock,
        log,
        background,
        gallery,
        pace: newPace(clock, editGap),
        recent: newRecent(),
      });
    },
    async start() {
      await app.init();
      await (http ? http.start() : Promise.all(sockets.map(socket => socket.start())));
    },
    handle: http?.handle,
    ready: () => http?.open() ?? sockets.some(socket => socket.open()),
    async stop() {
      const drained = new AbortController();
      const idle = async (): Promise<void> => {
        await intake.idle();
        await background.idle();
      };
      await Promise.race([idle().finally(() => drained.abort()), clock.sleep(DRAIN, drained.signal)]);
      await Promise.all([http?.stop(), ...sockets.map(socket => socket.stop())]);
    },
  };
}

/** Ours feed the app by way of the intake. */
const NONE: Receiver = { init() {}, start: async () => {}, stop: async () => {} };
