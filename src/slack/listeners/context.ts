/** What the listeners work with. */
import type { WebClient } from '@slack/web-api';
import type { Chat, Clock, Desk, Log } from '../../ports.ts';
import type { Background } from '../background.ts';
import type { Gallery } from '../gallery.ts';
import type { Identity } from '../identity.ts';
import type { Pace } from '../pace.ts';
import type { Recent } from './delivery.ts';

export interface Listening {
  desk: Desk;
  chat: Chat;
  client: WebClient;
  /** For what goes past the client; Node's own unless given. */
  fetch: typeof fetch | undefined;
  identity: Identity;
  /** Teams that payloads may come from, besides our own. */
  teams: string[];
  /** With its slash: '/mesh'. */
  command: string;
  clock: Clock;
  log: Log;
  background: Background;
  gallery: Gallery;
  pace: Pace;
  /** Delivery ids seen by this process: a second delivery is stored again, but not worked on or answered again. */
  recent: Recent;
}
