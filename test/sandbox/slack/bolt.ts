/** A real @slack/bolt App over two sockets, as meshbot runs it, against one local Slack. */
import { App, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts';

/** Faults make the clients complain; that is what they are for. */
export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

export interface Running {
  app: App;
  stop(): Promise<void>;
}

/** `listen` adds the listeners before anything is connected. */
export async function runBolt(slack: LocalSlack, listen: (app: App) => void, sockets = 2): Promise<Running> {
  const receivers = Array.from(
    { length: sockets },
    () =>
      new SocketModeReceiver({
        appToken: slack.appToken,
        logger: silent,
        // Reconnects after a moment, not after five seconds.
        clientPingTimeout: 1500,
        // The client's own options: SocketModeClient changes what it is given.
        installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } } },
      }),
  );
  const app = new App({
    token: slack.botToken,
    receiver: receivers[0]!,
    deferInitialization: true,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, timeout: 5000 },
  });
  listen(app);
  for (const receiver of receivers.slice(1)) receiver.init(app);
  await app.init();
  await Promise.all([app.start(), ...receivers.slice(1).map(receiver => receiver.start())]);
  return {
    app,
    async stop() {
      await Promise.all(receivers.map(receiver => receiver.stop()));
    },
  };
}
