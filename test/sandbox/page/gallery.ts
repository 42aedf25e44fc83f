/** The canned workspace: people, channels, and messages that hold every block. */
import type { JsonObject } from '../../../src/object.ts';
import type { PageEvent, PageMessage, PageUser } from '../../../src/sandbox/slack/page-protocol.ts';
import { dataBlocks, layoutBlocks, textBlocks } from './gallery-blocks.ts';
import { formBlocks, modalBlocks } from './gallery-forms.ts';
import { cardBlocks, diffPreview, proofBlocks, receiptBlocks } from './gallery-story.ts';

export const BOT = 'UMESHBOT';
export const RIKO = 'URIKO';

const person = (id: string, name: string, title: string, color: string, more: Partial<PageUser> = {}): PageUser => ({
  id,
  name: name.split(' ')[0]?.toLowerCase() ?? name,
  realName: name,
  title,
  color,
  isBot: false,
  isGuest: false,
  team: 'Bookinfo',
  ...more,
});

const users: PageUser[] = [
  person(RIKO, 'Riko Tanaka', 'Backend engineer', '#2f6fbf'),
  person('UAMARA', 'Amara Diallo', 'On call', '#a0522d'),
  person('ULENA', 'Lena Fischer', 'On call, platform', '#2e7d5b'),
  person('UGUEST', 'Sam Guest', 'Contractor', '#7a5195', { isGuest: true, team: 'Acme' }),
  person(BOT, 'meshbot', '', '#0b6e99', { isBot: true }),
];

const base = Math.floor(Date.now() / 1000) - 26 * 3600;
let counter = 0;

/** Later than every canned message. */
export function nextTs(): string {
  counter++;
  return `${Math.floor(Date.now() / 1000)}.${String(900_000 + counter)}`;
}

function at(minutes: number): string {
  return `${base + minutes * 60}.000100`;
}

function message(
  channel: string,
  minutes: number,
  user: string,
  text: string,
  more: Partial<PageMessage> = {},
): PageMessage {
  return { channel, ts: at(minutes), user, text, ...more };
}

function story(): PageMessage[] {
  const today = 24 * 60 + 60;
  const root = at(today + 21);
  return [
    message('CMESH', 1, 'ULENA', 'Morning! reviews `v3` is on the cluster. It has the *red* stars.'),
    message('CMESH', 2, 'ULENA', '> Canary at 10 % went well overnight\nLet us go to half today :rocket:'),
    message(
      'CMESH',
      4,
      RIKO,
      'On it. <@UAMARA>, could you approve? The runbook is at <https://example.com/runbook|example.com/runbook>.',
      {
        edited: true,
        reactions: [
          { name: 'white_check_mark', users: ['UAMARA'] },
          { name: 'eyes', users: [RIKO, 'ULENA'] },
        ],
      },
    ),
    message('CMESH', 9, 'UGUEST', 'gone', { deleted: true }),
    message(
      'CMESH',
      today + 20,
      BOT,
      '`/mesh shift reviews v3 150`: a percentage is between 0 and 100. Try `/mesh shift reviews v3 50`.',
      {
        ephemeralTo: RIKO,
      },
    ),
    message('CMESH', today + 21, BOT, 'Riko Tanaka wants to move 50 % of reviews to v3', {
      blocks: cardBlocks(),
      replyCount: 3,
    }),
    message('CMESH', today + 23, 'UAMARA', 'Looks right to me, approving.', { threadTs: root }),
    message('CMESH', today + 24, BOT, 'Writing', { threadTs: root, blocks: receiptBlocks() }),
    message('CMESH', today + 25, BOT, 'Proven', {
      threadTs: root,
      blocks: proofBlocks(),
      files: [
        {
          id: 'F1',
          name: 'reviews.diff',
          title: 'reviews.diff',
          mimetype: 'text/x-diff',
          size: 1204,
          url: '/files/F1',
          preview: diffPreview,
        },
      ],
    }),
  ];
}

export function galleryState(asked: string | null): Extract<PageEvent, { type: 'state' }> {
  const me = users.find(user => user.id === asked && !user.isBot) ?? users[0]!;
  const everybody = users.map(user => user.id);
  const shown = (channel: string, blocks: JsonObject[][]): PageMessage[] =>
    blocks.map((list, index) => message(channel, 30 + index * 7, BOT, 'From the gallery', { blocks: list }));
  const messages = [
    ...story(),
    message('CTEXT', 5, RIKO, mrkdwnSample),
    ...shown('CTEXT', textBlocks()),
    ...shown('CLAYOUT', layoutBlocks()),
    message('CLAYOUT', 90, BOT, 'A legacy attachment', { attachments: [attachment] }),
    message('CLAYOUT', 91, RIKO, 'Two files', {
      files: [
        {
          id: 'F2',
          name: 'topology.svg',
          title: 'Topology',
          mimetype: 'image/svg+xml',
          size: 900,
          url: '/icon.svg',
          altText: 'Three services',
        },
        {
          id: 'F3',
          name: 'reviews.yaml',
          title: 'reviews.yaml',
          mimetype: 'text/yaml',
          size: 120,
          url: '/files/F1',
          preview: yamlPreview,
        },
        {
          id: 'F4',
          name: 'bundle.tgz',
          title: 'bundle.tgz',
          mimetype: 'application/gzip',
          size: 2_400_000,
          url: '/files/F1',
        },
      ],
    }),
    ...shown('CDATA', dataBlocks()),
    ...shown('CFORMS', formBlocks()),
    message('DMESHBOT', 3, BOT, 'Hello! Type `/mesh help` to see what I can do.'),
  ].filter(one => one.ephemeralTo === undefined || one.ephemeralTo === me.id);
  return {
    type: 'state',
    workspace: 'Bookinfo',
    me,
    users,
    groups: [{ id: 'SONCALL', handle: 'mesh-oncall', name: 'Mesh on call', users: ['UAMARA', 'ULENA'] }],
    channels: [
      {
        id: 'CMESH',
        name: 'mesh-changes',
        topic: 'Traffic changes of the shop · runbook: <https://example.com|example.com>',
        kind: 'channel',
        members: everybody,
        archived: false,
      },
      { id: 'CTEXT', name: 'gallery-text', topic: 'Text blocks', kind: 'channel', members: everybody, archived: false },
      {
        id: 'CLAYOUT',
        name: 'gallery-layout',
        topic: 'Containers, plans, cards, files',
        kind: 'channel',
        members: everybody,
        archived: false,
      },
      {
        id: 'CDATA',
        name: 'gallery-data',
        topic: 'Tables and charts',
        kind: 'channel',
        members: everybody,
        archived: false,
      },
      {
        id: 'CFORMS',
        name: 'gallery-forms',
        topic: 'Everything to press',
        kind: 'private',
        members: [me.id, BOT],
        archived: false,
      },
      { id: 'DMESHBOT', name: 'meshbot', topic: '', kind: 'im', members: [me.id, BOT], archived: false },
    ],
    messages,
    commands: [
      {
        command: '/mesh',
        description: 'Change and ask about the mesh',
        usageHint: 'shift reviews v3 50 | status reviews | help',
      },
      { command: '/remind', description: 'Set a reminder', usageHint: '[@someone] [what] [when]' },
    ],
    app: { id: 'AMESHBOT', name: 'meshbot', botUser: BOT, connected: true },
    home: {
      type: 'home',
      id: 'VHOME',
      blocks: [
        { type: 'header', block_id: 'h', text: { type: 'plain_text', text: 'Pending changes' } },
        ...cardBlocks().slice(1),
      ],
    },
    modals: [],
  };
}

const mrkdwnSample = [
  'Text: *bold* _italic_ ~strike~ `code` &amp; &lt;escapes&gt; :white_check_mark: :tada: :warning:',
  'Mentions: <@URIKO> <@UAMARA> <#CMESH|mesh-changes> <!subteam^SONCALL> <!here>',
  'Links: <https://example.com|a label> https://example.com/bare <mailto:a@example.com|mail>',
  'Dates: <!date^1763719200^{date_long} at {time}|a date> and <!date^1763719200^{ago}|ago>',
  '&gt; quoted\n&gt; twice',
  '```\nkubectl get meshchanges\n  NAME   STATE\n```',
  '<script>alert(1)</script> <javascript:alert(1)|no link>',
].join('\n');

const yamlPreview =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService # the route\nspec:\n  hosts:\n    - reviews\n  weight: 50\n  enabled: true';

const attachment: JsonObject = {
  color: 'warning',
  pretext: 'Before the bar',
  author_name: 'Prometheus',
  title: 'Latency is up',
  title_link: 'https://example.com/alert',
  text: 'p99 of *reviews* is 1.4 s',
  fields: [
    { title: 'Service', value: 'reviews', short: true },
    { title: 'Since', value: '10 minutes', short: true },
  ],
  footer: 'alertmanager',
  ts: String(base),
};

export function modalView(title: string): JsonObject {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    submit: { type: 'plain_text', text: 'Submit' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: modalBlocks(),
  };
}
