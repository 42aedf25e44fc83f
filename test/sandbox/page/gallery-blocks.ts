/** Every block of Block Kit that the page draws, in lists of one message each. */
import type { JsonObject } from '../../../src/object.ts';
import { line, rich } from './gallery-story.ts';

const text = (value: string): JsonObject => ({ type: 'plain_text', text: value });
const mrkdwn = (value: string): JsonObject => ({ type: 'mrkdwn', text: value });
const picture =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 160"%3E%3Crect width="320" height="160" fill="%23356b8c"/%3E%3Cpath d="M0 120 80 70l70 40 90-70 80 60v60H0z" fill="%23cfe4ee"/%3E%3C/svg%3E';
const styled = (value: string, style: JsonObject): JsonObject => ({ type: 'text', text: value, style });

export function textBlocks(): JsonObject[][] {
  return [
    [
      { type: 'header', block_id: 'th', text: text('A header :rocket:') },
      {
        type: 'section',
        block_id: 'ts',
        text: mrkdwn('A section with *bold* text and a picture beside it. Names read from a cluster stay text: `<b>`.'),
        accessory: { type: 'image', image_url: picture, alt_text: 'Hills' },
      },
      { type: 'divider' },
      {
        type: 'section',
        block_id: 'tf',
        fields: [mrkdwn('*Service*\nreviews'), mrkdwn('*Version*\nv3'), text('Plain field'), mrkdwn('*Weight*\n50 %')],
      },
      {
        type: 'context',
        block_id: 'tc',
        elements: [
          { type: 'image', image_url: picture, alt_text: 'Hills' },
          mrkdwn('Context with *mrkdwn* and <@URIKO>'),
          text('and plain text'),
        ],
      },
    ],
    [
      rich(
        line(
          styled('bold', { bold: true }),
          ' ',
          styled('italic', { italic: true }),
          ' ',
          styled('strike', { strike: true }),
          ' ',
          styled('code', { code: true }),
          ' ',
          styled('all', { bold: true, italic: true }),
          ' ',
          { type: 'link', url: 'https://example.com', text: 'link' },
          ' ',
          { type: 'user', user_id: 'UAMARA' },
          ' ',
          { type: 'usergroup', usergroup_id: 'SONCALL' },
          ' ',
          { type: 'channel', channel_id: 'CMESH' },
          ' ',
          { type: 'emoji', name: 'tada', unicode: '1f389' },
          ' ',
          { type: 'broadcast', range: 'here' },
          ' ',
          { type: 'date', timestamp: 1763719200, format: '{date_short} at {time}', fallback: 'then' },
          ' ',
          { type: 'color', value: '#2eb67d' },
        ),
        { type: 'rich_text_list', style: 'bullet', elements: [line('first'), line('second')] },
        { type: 'rich_text_list', style: 'ordered', indent: 1, elements: [line('nested one'), line('nested two')] },
        { type: 'rich_text_list', style: 'bullet', indent: 2, elements: [line('deeper')] },
        { type: 'rich_text_list', style: 'bullet', elements: [line('third')] },
        { type: 'rich_text_quote', elements: [{ type: 'text', text: 'A quote\nof two lines' }] },
        {
          type: 'rich_text_preformatted',
          elements: [{ type: 'text', text: 'kubectl get meshchanges\n  NAME      STATE' }],
        },
      ),
    ],
    [
      {
        type: 'markdown',
        block_id: 'md',
        text: '# Title\nSome **bold**, *italic*, ~~gone~~, `code` and a [link](https://example.com).\n\n## List\n- one\n  - nested\n- [x] done\n- [ ] open\n\n1. first\n2. second\n\n| Service | Share |\n| :-- | --: |\n| reviews | 50 % |\n| ratings | 100 % |\n\n> quoted **text**\n\n```yaml\nhosts:\n  - reviews # a comment\nweight: 50\n```\n\n---\nThe end.',
      },
    ],
  ];
}

export function layoutBlocks(): JsonObject[][] {
  const card = (title: string): JsonObject => ({
    type: 'card',
    block_id: `card-${title}`,
    hero_image: { type: 'image', image_url: picture, alt_text: 'Hills' },
    icon: { type: 'image', image_url: picture, alt_text: 'Sign' },
    title: mrkdwn(`*${title}*`),
    subtitle: mrkdwn('3 pods, 2 versions'),
    body: mrkdwn('Serves the stars of the *product page*.'),
    actions: [{ type: 'button', action_id: `status-${title}`, text: text('Status'), value: title }],
  });
  return [
    [
      {
        type: 'container',
        block_id: 'k1',
        title: text('Folded checks'),
        subtitle: text('14 passed'),
        is_collapsible: true,
        default_collapsed: true,
        child_blocks: [{ type: 'section', text: mrkdwn('Inside the fold') }],
      },
      {
        type: 'container',
        block_id: 'k2',
        title: text('Open container'),
        has_header_divider: true,
        child_blocks: [
          { type: 'section', text: mrkdwn('Always shown') },
          { type: 'context', elements: [mrkdwn('small print')] },
        ],
      },
    ],
    [
      {
        type: 'plan',
        block_id: 'plan',
        title: 'Four steps',
        tasks: ['complete', 'error', 'in_progress', 'pending'].map((status, index) => ({
          type: 'task_card',
          task_id: `t${index}`,
          title: `Step ${index + 1}`,
          status,
          ...(index < 2 ? { output: rich(line(index === 0 ? 'Went well' : 'The API server answered 409')) } : {}),
          ...(index === 0 ? { sources: [{ type: 'url', url: 'https://example.com', text: 'Runbook' }] } : {}),
        })),
      },
    ],
    [card('reviews')],
    [{ type: 'carousel', block_id: 'carousel', elements: ['ratings', 'details', 'productpage'].map(card) }],
    [
      { type: 'image', block_id: 'image', image_url: picture, alt_text: 'Hills under a sky', title: text('Topology') },
      {
        type: 'video',
        block_id: 'video',
        title: text('How shifting works'),
        title_url: 'https://example.com/v',
        video_url: 'https://example.com/v',
        thumbnail_url: 'https://example.com/t',
        alt_text: 'A video',
        author_name: 'Platform team',
        description: text('Three minutes'),
      },
      { type: 'file', block_id: 'file', source: 'remote', external_id: 'runbook.pdf' },
      { type: 'something_new', block_id: 'new' },
    ],
  ];
}

const points = (values: number[], labels: string[]): JsonObject[] =>
  values.map((value, index) => ({ label: labels[index] ?? '', value }));

export function dataBlocks(): JsonObject[][] {
  const minutes = ['10:00', '10:05', '10:10', '10:15', '10:20', '10:25', '10:30'];
  const chart = (type: string, title: string): JsonObject => ({
    type: 'data_visualization',
    block_id: `chart-${type}`,
    title,
    chart: {
      type,
      axis_config: { categories: minutes, x_label: 'time', y_label: 'requests/s' },
      series: [
        { name: 'v1', data: points([120, 118, 96, 70, 62, 60, 61], minutes) },
        { name: 'v3', data: points([0, 4, 28, 52, 60, 63, 62], minutes) },
        { name: 'errors', data: points([2, 1, 6, 3, 1, 1, 2], minutes) },
      ],
    },
  });
  const services = ['reviews', 'ratings', 'details', 'productpage', 'gateway', 'payments', 'checkout'];
  return [
    [
      {
        type: 'data_table',
        block_id: 'dt',
        caption: 'Services of the shop',
        page_size: 4,
        rows: [
          ['Service', 'Requests/s', 'State'].map(value => ({ type: 'raw_text', text: value })),
          ...services.map((name, index) => [
            { type: 'raw_text', text: name },
            { type: 'raw_number', value: 1250 - index * 170, text: `${1250 - index * 170}` },
            rich(
              line(
                { type: 'emoji', name: index === 2 ? 'red_circle' : 'large_green_circle' },
                index === 2 ? ' failing' : ' serving',
              ),
            ),
          ]),
        ],
      },
    ],
    [
      {
        type: 'table',
        block_id: 'tb',
        column_settings: [{ is_wrapped: true }, { align: 'center' }, { align: 'right' }],
        rows: [
          ['Destination', 'Subset', 'Weight'].map(value => ({ type: 'raw_text', text: value })),
          [
            rich(line(styled('reviews.default.svc.cluster.local', { code: true }))),
            { type: 'raw_text', text: 'v1' },
            { type: 'raw_number', value: 50, text: '50 %' },
          ],
          [
            rich(
              line(
                'A cell with a ',
                { type: 'link', url: 'https://example.com', text: 'link' },
                ' whose long words are wrapped into several lines',
              ),
            ),
            { type: 'raw_text', text: 'v3' },
            { type: 'raw_number', value: 50, text: '50 %' },
          ],
        ],
      },
    ],
    [chart('bar', 'Requests by version'), chart('line', 'Requests over time')],
    [
      chart('area', 'Requests as areas'),
      {
        type: 'data_visualization',
        block_id: 'chart-pie',
        title: 'Share of traffic',
        chart: { type: 'pie', segments: points([55, 30, 12, 3], ['v1', 'v3', 'v2', 'mirror']) },
      },
    ],
  ];
}
