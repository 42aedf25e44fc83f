/** The parts of one running local Slack, as they are handed to each other. */
import type { Clock } from '../../ports.ts';
import type { Timestamps } from './clock.ts';
import type { Delivery } from './delivery.ts';
import type { Faults } from './faults.ts';
import type { Files } from './files.ts';
import type { Changes } from './listeners.ts';
import type { Messages } from './messages.ts';
import type { PageCommand } from './page-protocol.ts';
import type { Rates } from './rates.ts';
import type { Requests } from './requests.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Tokens } from './tokens.ts';
import type { Triggers } from './triggers.ts';
import type { Views } from './views.ts';
import type { World } from './world.ts';

export interface Hub {
  /** Of the page: `http://127.0.0.1:PORT/`. */
  url: string;
  /** Tells timestamps. */
  clock: Timestamps;
  /** Does the waiting. */
  time: Clock;
  world: World;
  changes: Changes;
  messages: Messages;
  views: Views;
  files: Files;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  tokens: Tokens;
  faults: Faults;
  rates: Rates;
  requests: Requests;
  sockets: SocketMode;
  delivery: Delivery;
  manifest: Manifest;
}

/** What the app's settings say of it. */
interface Manifest {
  commands: PageCommand[];
  /** Events it listens to: 'app_mention', 'message.im', 'message.channels', 'app_home_opened', … */
  events: Set<string>;
}
