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
  const view = shop === undefined ? toCluster(command) : toShop(command, shop);
  await post({ channel: MESH.id }, view, { change: 'welcome', slot: 'welcome' });
}

function toShop(command: string, shop: string): View {
  return {
    text: `Welcome. Type ${command} shift reviews v3 50 to change where the shop's traffic goes.`,
    parts: [
      { kind: 'heading', text: 'Change the mesh from chat' },
      { kind: 'text', text: 'Nobody outside this machine sees what you do here. Try this:' },
      {
        kind: 'bullets',
        items: [
          [
            'Type ',
            { code: `${command} shift reviews v3 50` },
            ' here: half of the traffic of reviews shall go to v3.',
          ],
          [...APPROVAL],
          ['Open the ', { link: shop, label: 'Bookinfo shop' }, ' and reload it: half of the time its stars are red.'],
          ['Take it back with ', { code: `${command} undo` }, '. Everything else: ', { code: `${command} help` }, '.'],
        ],
      },
    ],
  };
}

/** Here the people are played and the cluster is not. */
function toCluster(command: string): View {
  return {
    text: `Welcome. The cluster behind this page is a real one: what is approved here is written there.`,
    parts: [
      { kind: 'heading', text: 'Change the mesh from chat' },
      {
        kind: 'text',
        text: [{ bold: 'The cluster is a real one.' }, ' What is approved on this page is written there.'],
      },
      {
        kind: 'bullets',
        items: [
          ['Type ', { code: command }, ' here for a form with its services and versions.'],
          [...APPROVAL],
          ['Everything else: ', { code: `${command} help` }, '.'],
        ],
      },
    ],
  };
}

const APPROVAL = [
  'You asked, so you cannot approve. Switch to ',
  { bold: 'Sam Okafor' },
  ' (top right), who is on call, and click Approve.',
] as const;
