/** The floor that acknowledgements are held against: bare Bolt, one API create per command or click, then the ack. */
import { App, LogLevel } from '@slack/bolt';
import { API_VERSION, KIND } from '../src/change/meshchange.ts';
import { connect } from '../src/kubernetes/client.ts';
import { systemClock } from '../src/system.ts';
import { addressOf, type Places } from './places.ts';

export async function startBareBot({ slack, namespace, ...places }: Places): Promise<() => Promise<void>> {
  const client = connect(addressOf(places), { clock: systemClock });
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  let count = 0;
  const create = async (user: string, text: string): Promise<void> => {
    const name = `bare-${process.pid}-${count++}`;
    const spec = { verb: 'bare', arguments: {}, text, requester: { team: 'T0', user }, origin: { channel: 'C0' } };
    await client.call({
      method: 'POST',
      path: `/apis/${API_VERSION}/namespaces/${namespace}/meshchanges`,
      body: { apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace }, spec },
      subject: 'a change',
    });
  };
  app.command('/mesh', async ({ command, ack, client: web }) => {
    if (command.text === 'button') {
      await ack();
      const button = { type: 'button', action_id: 'press', text: { type: 'plain_text', text: 'Press' }, value: 'x' };
      await web.chat.postMessage({
        channel: command.channel_id,
        text: 'button',
        blocks: [{ type: 'actions', elements: [button] }] as never,
      });
      return;
    }
    await create(command.user_id, command.text);
    await ack();
  });
  app.action('press', async ({ body, ack }) => {
    await create(body.user.id, 'press');
    await ack();
  });
  await app.start();
  return async () => {
    await app.stop();
    await client.close();
  };
}
