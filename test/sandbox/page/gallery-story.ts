/** The blocks of the gallery's story: a card that asks, work in steps, and the proof. */
import type { JsonObject } from '../../../src/object.ts';

const text = (value: string): JsonObject => ({ type: 'plain_text', text: value });
const mrkdwn = (value: string): JsonObject => ({ type: 'mrkdwn', text: value });
const raw = (value: string): JsonObject => ({ type: 'raw_text', text: value });

export const rich = (...elements: JsonObject[]): JsonObject => ({ type: 'rich_text', elements });
export const line = (...elements: (string | JsonObject)[]): JsonObject => ({
  type: 'rich_text_section',
  elements: elements.map(one => (typeof one === 'string' ? { type: 'text', text: one } : one)),
});

export const diffPreview = `--- a/VirtualService/default/reviews
+++ b/VirtualService/default/reviews
@@ -8,9 +8,13 @@
   http:
     - route:
         - destination:
             host: reviews
             subset: v1
-          weight: 100
+          weight: 50
+        - destination:
+            host: reviews
+            subset: v3
+          weight: 50
`;

export function cardBlocks(): JsonObject[] {
  return [
    { type: 'header', block_id: 'head', text: text('Shift reviews: 50 % to v3') },
    {
      type: 'rich_text',
      block_id: 'what',
      elements: [
        line(
          { type: 'user', user_id: 'URIKO' },
          ' wants to move half of the traffic of ',
          { type: 'text', text: 'reviews.default', style: { code: true } },
          ' from ',
          { type: 'text', text: 'v1', style: { bold: true } },
          ' to ',
          { type: 'text', text: 'v3', style: { bold: true } },
          '.',
        ),
      ],
    },
    {
      type: 'table',
      block_id: 'traffic',
      column_settings: [{ is_wrapped: true }, { align: 'right' }, { align: 'right' }],
      rows: [
        [raw('Requests'), raw('Now'), raw('After')],
        [raw('reviews → v1'), raw('100 %'), raw('50 %')],
        [raw('reviews → v3'), raw('–'), raw('50 %')],
        [raw('end-user: jason → v2'), raw('100 %'), raw('100 %')],
      ],
    },
    {
      type: 'container',
      block_id: 'diff',
      title: text('Diff of VirtualService/default/reviews'),
      subtitle: text('+5 −1'),
      is_collapsible: true,
      child_blocks: [
        rich({
          type: 'rich_text_preformatted',

          elements: [{ type: 'text', text: diffPreview.trimEnd() }],
        }),
      ],
    },
    {
      type: 'section',
      block_id: 'checks',
      fields: [
        mrkdwn('*Checks*\n:white_check_mark: 14 passed'),
        mrkdwn('*Risk*\n:large_yellow_circle: medium'),
        mrkdwn('*May approve*\n<!subteam^SONCALL>'),
        mrkdwn('*Until*\n<!date^4102444800^{time}|later>'),
      ],
    },
    {
      type: 'actions',
      block_id: 'decide',
      elements: [
        {
          type: 'button',
          action_id: 'approve',
          style: 'primary',
          value: 'mc-1',
          text: text('Approve'),
          confirm: {
            title: text('Approve this shift?'),
            text: mrkdwn('Half of *reviews* goes to `v3` at once.'),
            confirm: text('Approve'),
            deny: text('Not yet'),
          },
        },
        { type: 'button', action_id: 'reject', style: 'danger', value: 'mc-1', text: text('Reject') },
        { type: 'button', action_id: 'explain', value: 'mc-1', text: text('Explain') },
      ],
    },
    {
      type: 'context',
      block_id: 'foot',
      elements: [mrkdwn('mc-20261121-7f3a · plan `4be1…90c2` · read at resourceVersion 1482')],
    },
  ];
}

export function receiptBlocks(): JsonObject[] {
  const task = (id: string, title: string, status: string, output?: string): JsonObject => ({
    type: 'task_card',
    task_id: id,
    title,
    status,
    ...(output ? { output: rich(line(output)) } : {}),
  });
  return [
    {
      type: 'plan',
      block_id: 'steps',
      title: 'Applying mc-20261121-7f3a',
      tasks: [
        task('1', 'Write VirtualService/default/reviews', 'complete', 'resourceVersion 1482 → 1490'),
        task('2', 'Wait until the proxies hold it', 'complete'),
        task('3', 'Send 20 requests through the gateway', 'in_progress', '12 of 20 sent'),
        task('4', 'Fetch a trace', 'pending'),
      ],
    },
  ];
}

export function proofBlocks(): JsonObject[] {
  return [
    {
      type: 'section',
      block_id: 'proof',
      text: mrkdwn(
        ':white_check_mark: *Proven.* 20 requests: 11 to v3, 9 to v1. A split of 50 : 50 gives this or a larger distance in 82 % of all cases.',
      ),
    },
    {
      type: 'data_visualization',
      block_id: 'split',
      title: 'Requests by version',
      chart: {
        type: 'bar',
        axis_config: { categories: ['v1', 'v2', 'v3'], y_label: 'requests' },
        series: [
          {
            name: 'before',
            data: [
              { label: 'v1', value: 20 },
              { label: 'v2', value: 0 },
              { label: 'v3', value: 0 },
            ],
          },
          {
            name: 'after',
            data: [
              { label: 'v1', value: 9 },
              { label: 'v2', value: 0 },
              { label: 'v3', value: 11 },
            ],
          },
        ],
      },
    },
  ];
}
