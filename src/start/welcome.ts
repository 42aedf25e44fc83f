/** The first message of the local Slack: an empty channel tells a newcomer nothing. */
import type { MessageKey, Place } from '../ports.ts';
import { MESH } from '../sandbox/slack/people.ts';
import type { View } from '../view.ts';
import type { Surroundings } from './local.ts';

/** Nothing where Slack is the real one. `post` is the bot's own. */
export async function welcome(
  { local, configuration }: Surroundings,
  post: (place: Place, view: View, key: MessageKey) => Promise<unknown>,
): Promise<void> {
  if (!local.slack) return;
  const { command } = configuration;
  const shop = local.cluster?.mesh.shopUrl;
  const steps: View['parts'][number] = {
    kind: 'bullets',
    items: [
      ['Type ', { code: `${command} shift reviews v3 50` }, ' here: it sends half of the shop’s reviews to version 3.'],
      [
        'You asked, so you cannot approve. Switch to ',
        { bold: 'Sam Okafor' },
        ' (top right), who is on call, and click Approve.',
      ],
      shop
        ? ['Open the ', { link: shop, label: 'Bookinfo shop' }, ' and reload it: half of the time its stars are red.']
        : ['Look at your cluster: it is the real one.'],
      ['Take it back with ', { code: `${command} undo` }, '. Everything else: ', { code: `${command} help` }, '.'],
    ],
  };
  await post(
    { channel: MESH.id },
    {
      text: `Welcome. Type ${command} shift reviews v3 50 to change where the shop's traffic goes.`,
      parts: [
        { kind: 'heading', text: 'Change the mesh from chat' },
        { kind: 'text', text: 'Nobody outside this machine sees what you do here. Try this:' },
        steps,
      ],
    },
    { change: 'welcome', slot: 'welcome' },
  );
}
