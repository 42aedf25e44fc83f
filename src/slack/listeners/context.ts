/** What the listeners work with. */
import type { WebClient } from '@slack/web-api';
import type { Chat, Clock, Desk, Log } from '../../ports.ts';
import type { Background } from '../background.ts';
import type { Identity } from '../identity.ts';
import type { Pace } from '../pace.ts';

export interface Listening {
  desk: Desk;
  chat: Chat;
  client: WebClient;
  identity: Identity;
  /** Teams besides our own that are listened to. */
  teams: string[];
  /** With its slash: '/mesh'. */
  command: string;
  clock: Clock;
  log: Log;
  background: Background;
  pace: Pace;
}
