/**
 * Two Socket Mode connections that are opened again by us. The library's own way waits five seconds after each
 * disconnect, and ends the process with an unhandled rejection when the token was revoked meanwhile.
 */
import { type Logger, SocketModeReceiver } from '@slack/bolt';
import type { Clock, Log } from '../ports.ts';
import { clientOptions } from './client.ts';
import { chatError, slackCode } from './errors.ts';
import { redact } from './logger.ts';

/** ms that a connection may take from asking for it to Slack's hello. */
const HELLO = 15_000;
const LONGEST_WAIT = 30_000;
/** Slack opens no socket for such a token; trying often would help nobody. */
const HOPELESS = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'account_inactive', 'not_allowed_token_type']);

export interface Socket {
  receiver: SocketModeReceiver;
  /** Opens it and keeps it open. Resolves when it is open first; rejects when Slack refuses the token. */
  start(): Promise<void>;
  open(): boolean;
  /** Resolves when it is closed for good. */
  stop(): Promise<void>;
}

export interface SocketOptions {
  appToken: string;
  apiUrl: string | undefined;
  logger: Logger;
  log: Log;
  clock: Clock;
  /** Which of the sockets, for the log. */
  number: number;
  /** Called on each change. */
  changed(): void;
}

export function newSocket(options: SocketOptions): Socket {
  const { clock, log, number } = options;
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    logger: options.logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(options.logger, options.apiUrl) },
    processEventErrorHandler: async ({ error, event }) => {
      log.error({ type: event.body.type, why: redact(error.message) }, 'not acknowledged: Slack sends it again');
      return false;
    },
  });
  const stopping = new AbortController();
  let open = false;
  let loop: Promise<void> | undefined;
  const set = (now: boolean): void => {
    if (open === now) return;
    open = now;
    options.changed();
  };

  /** One connection from opening to its end. */
  const live = async (opened: () => void): Promise<void> => {
    const ended = new Promise<void>(resolve => receiver.client.once('disconnected', () => resolve()));
    const said = new AbortController();
    const late = clock.sleep(HELLO, AbortSignal.any([said.signal, stopping.signal])).then(() => {
      if (!said.signal.aborted) throw new Error('Slack said no hello on the socket');
    });
    const starting = receiver.start();
    try {
      await Promise.race([starting, late]);
    } catch (error) {
      await receiver.client.disconnect();
      /** It may have been asking for an address still, and open a socket after all. */
      await starting.then(() => receiver.client.disconnect()).catch(() => {});
      throw error ?? new Error('the socket was closed before Slack said hello');
    } finally {
      said.abort();
    }
    set(true);
    opened();
    if (stopping.signal.aborted) await receiver.client.disconnect();
    await ended;
    set(false);
  };

  const keepOpen = async (opened: () => void, hopeless: (error: Error) => void): Promise<void> => {
    let failures = 0;
    let first = true;
    while (!stopping.signal.aborted) {
      try {
        await live(() => {
          failures = 0;
          log.info({ socket: number }, 'socket to Slack is open');
          opened();
        });
        first = false;
        log.info({ socket: number }, 'socket to Slack was closed');
      } catch (error) {
        set(false);
        if (stopping.signal.aborted) return;
        failures += 1;
        const bad = HOPELESS.has(slackCode(error) ?? '');
        const why = redact(chatError(error, 'open a socket').message);
        if (bad && first) return hopeless(new Error(why, { cause: error }));
        log.error({ socket: number, why, failures }, 'no socket to Slack');
        const wait = bad ? LONGEST_WAIT : Math.min(LONGEST_WAIT, 250 * 2 ** Math.min(failures, 10));
        await clock.sleep(wait, stopping.signal);
      }
    }
  };

  return {
    receiver,
    start: () =>
      new Promise((resolve, reject) => {
        loop = keepOpen(resolve, reject).finally(() => resolve());
      }),
    open: () => open,
    async stop() {
      stopping.abort();
      if (open) await receiver.client.disconnect();
      await loop;
    },
  };
}
