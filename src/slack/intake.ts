/**
 * What the receivers hand to Bolt. Bolt acknowledges an event before its listener has run; here the acknowledgement
 * waits until the listener is done, so that what could not be stored is sent again by Slack.
 */
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { Clock } from '../ports.ts';

/** What is counted of what comes in. */
export interface SlackMeter {
  /** `type`: 'command', 'block_actions', 'app_mention', … */
  envelope(type: string): void;
  /** ms from arrival to acknowledgement. */
  acked(type: string, took: number): void;
  /** Open sockets, on each change. */
  sockets(open: number): void;
}

export interface Intake {
  /** Lets `receiver` feed `app`. */
  connect(receiver: Pick<Receiver, 'init'>, app: App): void;
  /** Resolves when everything that came in was dealt with. */
  idle(): Promise<void>;
}

export function newIntake(clock: Clock, meter: SlackMeter | undefined): Intake {
  const running = new Set<Promise<void>>();

  const take = async (app: App, event: ReceiverEvent): Promise<void> => {
    const type = typeOf(event.body);
    const since = clock.now();
    meter?.envelope(type);
    const ack: ReceiverEvent['ack'] = async response => {
      await event.ack(response);
      meter?.acked(type, clock.now() - since);
    };
    if (event.body.event === undefined) return app.processEvent({ ...event, ack });
    await app.processEvent({ ...event, ack: async () => {} });
    await ack();
  };

  return {
    connect(receiver, app) {
      /** The app itself but for one method: receivers know nothing else of it. */
      const facade: App = Object.create(app);
      facade.processEvent = event => {
        const job = take(app, event);
        const settled = job.catch(() => {}).finally(() => running.delete(settled));
        running.add(settled);
        return job;
      };
      receiver.init(facade);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function typeOf(body: ReceiverEvent['body']): string {
  const event: unknown = body.event;
  const type: unknown = typeof event === 'object' && event !== null && 'type' in event ? event.type : body.type;
  if (typeof type === 'string' && /^[a-z_]{1,40}$/.test(type)) return type;
  return body.command === undefined ? 'other' : 'command';
}
