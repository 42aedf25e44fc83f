/** Everything in the gallery that can be pressed or filled in. */
import type { JsonObject } from '../../../src/object.ts';

const text = (value: string): JsonObject => ({ type: 'plain_text', text: value });
const mrkdwn = (value: string): JsonObject => ({ type: 'mrkdwn', text: value });
const option = (value: string, description?: string): JsonObject => ({
  text: text(value),
  value,
  ...(description ? { description: text(description) } : {}),
});

function elements(): JsonObject[] {
  return [
    {
      type: 'static_select',
      action_id: 'pick',
      placeholder: text('Pick a version'),
      options: ['v1', 'v2', 'v3'].map(value => option(value)),
    },
    {
      type: 'static_select',
      action_id: 'grouped',
      placeholder: text('Pick from groups'),
      option_groups: [
        { label: text('Stable'), options: [option('v1'), option('v2')] },
        { label: text('Canary'), options: [option('v3')] },
      ],
    },
    {
      type: 'multi_static_select',
      action_id: 'many',
      placeholder: text('Pick some'),
      options: ['gateway', 'pods', 'proxies'].map(value => option(value)),
    },
    { type: 'external_select', action_id: 'external', placeholder: text('Search a service'), min_query_length: 1 },
    { type: 'users_select', action_id: 'person', placeholder: text('Pick a person') },
    { type: 'conversations_select', action_id: 'where', placeholder: text('Pick a channel') },
    { type: 'overflow', action_id: 'more', options: [option('Explain'), option('History')] },
    { type: 'datepicker', action_id: 'day', initial_date: '2026-11-21' },
    { type: 'timepicker', action_id: 'hour', initial_time: '10:30' },
  ];
}

export function formBlocks(): JsonObject[][] {
  const button = (id: string, label: string, more: JsonObject = {}): JsonObject => ({
    type: 'button',
    action_id: id,
    value: id,
    text: text(label),
    ...more,
  });
  const confirm = {
    title: text('Delete it?'),
    text: mrkdwn('This *cannot* be taken back.'),
    confirm: text('Delete'),
    deny: text('Keep'),
    style: 'danger',
  };
  return [
    [
      {
        type: 'actions',
        block_id: 'buttons',
        elements: [
          button('plain', 'Plain'),
          button('go', 'Primary', { style: 'primary' }),
          button('delete', 'Delete', { style: 'danger', confirm }),
          button('slow', 'Slow'),
          button('broken', 'Broken'),
          button('form', 'Open form'),
        ],
      },
      { type: 'actions', block_id: 'menus', elements: elements() },
    ],
    [
      {
        type: 'section',
        block_id: 'radio',
        text: mrkdwn('How?'),
        accessory: {
          type: 'radio_buttons',
          action_id: 'how',
          options: [option('At once'), option('In steps', 'Ten per cent a minute')],
          initial_option: option('At once'),
        },
      },
      {
        type: 'section',
        block_id: 'boxes',
        text: mrkdwn('What else?'),
        accessory: { type: 'checkboxes', action_id: 'else', options: [option('Mirror'), option('Retry')] },
      },
      {
        type: 'input',
        block_id: 'note',
        dispatch_action: true,
        label: text('Note'),
        element: { type: 'plain_text_input', action_id: 'note' },
      },
      {
        type: 'context_actions',
        block_id: 'judge',
        elements: [
          {
            type: 'feedback_buttons',
            action_id: 'judge',
            positive_button: { text: text('Good'), value: 'good' },
            negative_button: { text: text('Bad'), value: 'bad' },
          },
          { type: 'icon_button', action_id: 'bin', icon: 'trash', text: text('Delete'), value: 'x' },
        ],
      },
    ],
  ];
}

export function modalBlocks(): JsonObject[] {
  return [
    { type: 'alert', block_id: 'warn', level: 'warning', text: mrkdwn('This takes effect *at once*.') },
    {
      type: 'input',
      block_id: 'reason',
      label: text('Reason'),
      hint: text('Everybody can read it.'),
      element: {
        type: 'plain_text_input',
        action_id: 'reason',
        multiline: true,
        min_length: 3,
        max_length: 200,
        placeholder: text('Why?'),
      },
    },
    {
      type: 'input',
      block_id: 'version',
      label: text('Version'),
      element: { type: 'static_select', action_id: 'version', options: ['v1', 'v2', 'v3'].map(value => option(value)) },
    },
    {
      type: 'input',
      block_id: 'share',
      label: text('Share'),
      optional: true,
      element: {
        type: 'number_input',
        action_id: 'share',
        is_decimal_allowed: false,
        min_value: '0',
        max_value: '100',
      },
    },
    {
      type: 'actions',
      block_id: 'modal-actions',
      elements: [{ type: 'button', action_id: 'push', text: text('Next form') }],
    },
  ];
}
