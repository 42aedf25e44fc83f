/** Slack's requests over HTTP, signed. Requests from the future are refused as old ones are. */
import type { RequestListener, Server } from 'node:http';
import { HTTPReceiver, type Logger } from '@slack/bolt';
import type { Clock, Log } from '../ports.ts';
import { redact } from './logger.ts';

/** ms by which a request's timestamp may differ from our clock, either way. */
const TOLERANCE = 5 * 60_000;

export interface HttpIntake {
  receiver: HTTPReceiver;
  /** Rejects when the port is taken. */
  start(): Promise<void>;
  open(): boolean;
  /** Takes one request, from whatever server it came to. */
  handle: RequestListener;
  /** Resolves when the port is free. */
  stop(): Promise<void>;
}

export interface HttpOptions {
  signingSecret: string;
  host: string;
  /** undefined: nothing is listened on; whoever holds this hands requests over. */
  port: number | undefined;
  logger: Logger;
  log: Log;
  clock: Clock;
}

export function newHttpIntake(options: HttpOptions): HttpIntake {
  const { clock, log } = options;
  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret,
    endpoints: ['/slack/events'],
    logger: options.logger,
    bodyLimit: 1024 * 1024,
    processEventErrorHandler: async ({ error, response }) => {
      log.error({ why: redact(error.message) }, 'not acknowledged: Slack sends events again');
      if (!response.headersSent) response.writeHead(500).end();
      return false;
    },
  });
  receiver.requestListener = timely(receiver.requestListener, clock);
  const { port } = options;
  let started = false;
  let server: Server | undefined;
  return {
    receiver,
    handle: (request, response) => receiver.requestListener(request, response),
    async start() {
      if (port !== undefined) server = await listening(receiver, { host: options.host, port });
      started = true;
    },
    open: () => server?.listening ?? started,
    async stop() {
      started = false;
      if (!server) return;
      const closing = server;
      await new Promise<void>(resolve => {
        closing.close(() => resolve());
        closing.closeIdleConnections();
      });
      server = undefined;
    },
  };
}

async function listening(receiver: HTTPReceiver, { host, port }: { host: string; port: number }): Promise<Server> {
  try {
    return await receiver.start({ host, port });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Slack's requests cannot be taken at ${host}:${port}: ${why}`, { cause: error });
  }
}

/** Digits only, and within the tolerance: Bolt alone would take any moment after five minutes ago. */
function timely(next: RequestListener, clock: Clock): RequestListener {
  return (request, response) => {
    const stamp = request.headers['x-slack-request-timestamp'];
    const seconds = typeof stamp === 'string' && /^\d{1,12}$/.test(stamp) ? Number(stamp) : Number.NaN;
    /** Without a timestamp Bolt refuses by itself; its certificate check has none. */
    if (stamp !== undefined && !(Math.abs(clock.now() - seconds * 1000) <= TOLERANCE)) {
      request.resume();
      response.writeHead(401).end();
      return;
    }
    next(request, response);
  };
}
