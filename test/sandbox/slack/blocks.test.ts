import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/object.ts';
import { validateBlocks } from '../../../src/sandbox/slack/blocks/validate.ts';
import { SlackRefusal } from '../../../src/sandbox/slack/errors.ts';
import { MESH } from '../../../src/sandbox/slack/people.ts';
import { client, local, refusal, text } from './local.ts';

const mrkdwn = (words: string) => ({ type: 'mrkdwn', text: words });
const section = (fields: Record<string, Json> = { text: mrkdwn('hi') }) => ({ type: 'section', ...fields });
const button = (fields: Record<string, Json> = {}) => ({ type: 'button', text: text('Go'), ...fields });
const actions = (...elements: Json[]) => ({ type: 'actions', elements });
const option = (value: string, words = value) => ({ text: text(words), value });
const select = (fields: Record<string, Json>) => ({ type: 'static_select', ...fields });
const long = (length: number) => 'x'.repeat(length);
const many = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index));

/** What Slack has against these blocks; none where it takes them. */
function against(...blocks: Json[]): string[] {
  try {
    validateBlocks(blocks);
    return [];
  } catch (error) {
    if (error instanceof SlackRefusal) return error.fields.errors as string[];
    throw error;
  }
}

test('a refusal names the block and the field, as Slack does', async () => {
  const web = client(await local());
  const blocks = [section(), section({ text: mrkdwn(long(3001)) })] as never[];
  expect(await refusal(web.chat.postMessage({ channel: MESH.id, text: 'x', blocks }))).toMatchObject({
    error: 'invalid_blocks',
    errors: ['must be less than 3001 characters [json-pointer:/blocks/1/text/text]'],
    response_metadata: {
      messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]'],
    },
  });
});

test('blocks that are no list are refused before they are looked at', async () => {
  const web = client(await local());
  const blocks = { type: 'section' } as never;
  expect(await refusal(web.chat.postMessage({ channel: MESH.id, text: 'x', blocks }))).toMatchObject({
    error: 'invalid_blocks_format',
  });
});

describe('the most and the least of', () => {
  const cases: [string, Json, Json, string][] = [
    ['section text', section({ text: mrkdwn(long(3000)) }), section({ text: mrkdwn('') }), 'more than 0 characters'],
    [
      'section fields',
      section({ fields: many(10, () => mrkdwn('f')) }),
      section({ fields: many(11, () => mrkdwn('f')) }),
      'no more than 10 items',
    ],
    [
      'a section field',
      section({ fields: [mrkdwn(long(2000))] }),
      section({ fields: [mrkdwn(long(2001))] }),
      'less than 2001',
    ],
    ['a header', { type: 'header', text: text(long(150)) }, { type: 'header', text: text(long(151)) }, 'less than 151'],
    [
      'context elements',
      { type: 'context', elements: many(10, () => mrkdwn('c')) },
      { type: 'context', elements: many(11, () => mrkdwn('c')) },
      'no more than 10 items',
    ],
    ['actions', actions(...many(25, () => button())), actions(...many(26, () => button())), 'no more than 25 items'],
    ['actions without any', actions(button()), actions(), 'no fewer than 1 items'],
    [
      'button text',
      actions(button({ text: text(long(75)) })),
      actions(button({ text: text(long(76)) })),
      'less than 76',
    ],
    [
      'a button value',
      actions(button({ value: long(2000) })),
      actions(button({ value: long(2001) })),
      'less than 2001',
    ],
    [
      'a button address',
      actions(button({ url: `https://a.example/${long(2900)}` })),
      actions(button({ url: `https://a.example/${long(3000)}` })),
      'less than 3001',
    ],
    [
      'an action_id',
      actions(button({ action_id: long(255) })),
      actions(button({ action_id: long(256) })),
      'less than 256',
    ],
    ['a block_id', { type: 'divider', block_id: long(255) }, { type: 'divider', block_id: long(256) }, 'less than 256'],
    [
      'options',
      actions(select({ options: many(100, n => option(`v${n}`)) })),
      actions(select({ options: many(101, n => option(`v${n}`)) })),
      'no more than 100 items',
    ],
    [
      'an option text',
      actions(select({ options: [option('v', long(75))] })),
      actions(select({ options: [option('v', long(76))] })),
      'less than 76',
    ],
    [
      'overflow options',
      actions({ type: 'overflow', options: many(5, n => option(`v${n}`)) }),
      actions({ type: 'overflow', options: many(6, n => option(`v${n}`)) }),
      'no more than 5 items',
    ],
    [
      'radio buttons',
      actions({ type: 'radio_buttons', options: many(10, n => option(`v${n}`)) }),
      actions({ type: 'radio_buttons', options: many(11, n => option(`v${n}`)) }),
      'no more than 10 items',
    ],
    ['markdown', { type: 'markdown', text: long(12_000) }, { type: 'markdown', text: long(12_001) }, 'less than 12001'],
    [
      'a container title',
      { type: 'container', title: text(long(150)), child_blocks: [section()] },
      { type: 'container', title: text(long(151)), child_blocks: [section()] },
      'less than 151',
    ],
    [
      'blocks in a container',
      { type: 'container', title: text('t'), child_blocks: many(10, () => section()) },
      { type: 'container', title: text('t'), child_blocks: many(11, () => section()) },
      'no more than 10 items',
    ],
    [
      'a card body',
      { type: 'card', body: mrkdwn(long(200)) },
      { type: 'card', body: mrkdwn(long(201)) },
      'less than 201',
    ],
  ];
  test.each(cases)('%s', (_what, taken, refused, why) => {
    expect(against(taken)).toEqual([]);
    expect(against(refused).join('\n')).toContain(why);
  });

  test('blocks in a message', () => {
    expect(against(...many(50, () => section()))).toEqual([]);
    expect(against(...many(51, () => section()))).toEqual(['no more than 50 items allowed [json-pointer:/blocks]']);
  });

  test('a confirm dialog', () => {
    const confirm = (title: number, words: number, yes: number) =>
      actions(
        button({
          confirm: { title: text(long(title)), text: mrkdwn(long(words)), confirm: text(long(yes)), deny: text('No') },
        }),
      );
    expect(against(confirm(100, 300, 30))).toEqual([]);
    expect(against(confirm(101, 301, 31))).toHaveLength(3);
  });
});

describe('what is refused whatever its length', () => {
  const cases: [string, Json, string][] = [
    ['a block of no known type', { type: 'sectoin' }, 'unsupported type: sectoin [json-pointer:/blocks/0/type]'],
    ['a block without a type', { text: mrkdwn('x') }, 'missing required field: type'],
    [
      'a field that is not Slack’s',
      section({ text: mrkdwn('x'), colour: 'red' }),
      'invalid additional property: colour',
    ],
    ['a section of nothing', section({}), 'must define either `text` or `fields`'],
    ['mrkdwn on a button', actions({ type: 'button', text: mrkdwn('Go') }), 'must be one of: plain_text'],
    ['mrkdwn in a header', { type: 'header', text: mrkdwn('Go') }, 'must be one of: plain_text'],
    ['emoji in mrkdwn', section({ text: { ...mrkdwn('x'), emoji: true } }), 'invalid additional property: emoji'],
    ['text that is a bare string', section({ text: 'x' }), 'must provide an object'],
    ['a style Slack does not have', actions(button({ style: 'warning' })), 'must be one of: primary, danger'],
    ['an address of another kind', actions(button({ url: 'javascript:alert(1)' })), 'must be a valid URL'],
    [
      'two options of one value',
      actions(select({ options: [option('a'), option('a', 'b')] })),
      'options must have unique values',
    ],
    [
      'options and groups at once',
      actions(select({ options: [option('a')], option_groups: [{ label: text('g'), options: [option('b')] }] })),
      'must define either `options` or `option_groups`',
    ],
    [
      'a first choice that is none',
      actions(select({ options: [option('a')], initial_option: option('b') })),
      'must match one of the options exactly',
    ],
    [
      'a text input outside of an input block',
      actions({ type: 'plain_text_input' }),
      'unsupported type: plain_text_input',
    ],
    ['a button in an input block', { type: 'input', label: text('l'), element: button() }, 'unsupported type: button'],
    [
      'an image without words',
      { type: 'image', image_url: 'https://a.example/i.png' },
      'missing required field: alt_text',
    ],
    [
      'an image from two places',
      { type: 'image', alt_text: 'i', image_url: 'https://a.example/i.png', slack_file: { id: 'F1' } },
      'must define either `image_url` or `slack_file`',
    ],
    ['an alert outside of a modal', { type: 'alert', text: mrkdwn('x') }, 'unsupported type: alert'],
    ['a file block', { type: 'file', source: 'remote', external_id: 'x' }, 'cannot be added directly'],
    ['a date that is none', actions({ type: 'datepicker', initial_date: '2026-13-01' }), 'a date as YYYY-MM-DD'],
    [
      'a container in a container',
      {
        type: 'container',
        title: text('t'),
        child_blocks: [{ type: 'container', title: text('t'), child_blocks: [section()] }],
      },
      'unsupported type: container',
    ],
    ['a container without a title', { type: 'container', child_blocks: [section()] }, 'missing required field: title'],
    [
      'a collapsed container that does not collapse',
      { type: 'container', title: text('t'), child_blocks: [section()], default_collapsed: true },
      'requires `is_collapsible`',
    ],
    [
      'a task of no known status',
      { type: 'plan', title: 'p', tasks: [{ type: 'task_card', task_id: '1', title: 't', status: 'done' }] },
      'must be one of: pending, in_progress, complete, error',
    ],
    ['a card of nothing', { type: 'card' }, 'must define at least one of'],
    ['an empty table cell', { type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }, 'more than 0 characters'],
    [
      'an empty text in rich text',
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] }] },
      'more than 0 characters',
    ],
    [
      'a mention in preformatted text',
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }],
      },
      'unsupported type: user',
    ],
  ];
  test.each(cases)('%s', (_what, block, why) => {
    expect(against(block).join('\n')).toContain(why);
  });

  test('a block_id twice, also inside a container', () => {
    const inner = { type: 'container', title: text('t'), child_blocks: [{ type: 'divider', block_id: 'one' }] };
    expect(against({ type: 'divider', block_id: 'one' }, inner).join()).toContain('`block_id` one already exists');
  });

  test('an action_id twice in one block; in two blocks it may be', () => {
    const approve = button({ action_id: 'approve' });
    expect(against(actions(approve, approve)).join()).toContain('`action_id` approve already exists');
    expect(against(actions(approve), actions(approve))).toEqual([]);
  });
});

describe('tables and charts', () => {
  const raw = (words: string) => ({ type: 'raw_text', text: words });
  const rows = (height: number, width: number, words = 'x') => many(height, () => many(width, () => raw(words)));
  const points = (...labels: string[]) => labels.map(label => ({ label, value: 1 }));
  const drawn = (chart: Json, title = 'Requests') => ({ type: 'data_visualization', title, chart });
  const line = (series: Json, categories: string[] = ['v1', 'v3']) =>
    drawn({ type: 'line', series, axis_config: { categories } });

  test('a table has at most 100 rows of 20 cells and 10,000 characters, and is alone', () => {
    expect(against({ type: 'table', rows: rows(100, 20) })).toEqual([]);
    expect(against({ type: 'table', rows: rows(101, 20) }).join()).toContain('no more than 100 items');
    expect(against({ type: 'table', rows: rows(1, 21) }).join()).toContain('no more than 20 items');
    expect(against({ type: 'table', rows: rows(101, 1, long(100)) }).join()).toContain('less than 10001');
    expect(against({ type: 'table', rows: rows(1, 1) }, { type: 'table', rows: rows(1, 1) }).join()).toContain(
      'only_one_table_allowed',
    );
  });

  test('a data_table has a caption, a header of plain cells, and rows of one length', () => {
    const table = (fields: Record<string, Json>) => ({ type: 'data_table', caption: 'c', ...fields });
    const number = { type: 'raw_number', value: 1, text: '1' };
    expect(
      against(
        table({
          rows: [
            [raw('a'), raw('b')],
            [raw('x'), number],
          ],
          page_size: 10,
        }),
      ),
    ).toEqual([]);
    expect(against({ type: 'data_table', rows: rows(2, 1) }).join()).toContain('missing required field: caption');
    expect(against(table({ rows: rows(1, 1) })).join()).toContain('no fewer than 2 items');
    expect(against(table({ rows: [[raw('a')], [raw('x'), raw('y')]] })).join()).toContain('the same number of cells');
    const rich = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'h' }] }],
    };
    expect(against(table({ rows: [[rich], [raw('x')]] })).join()).toContain('rich_text cannot be used for header');
    expect(against(table({ rows: rows(2, 1), row_header_column_index: 1 })).join()).toContain('the index of a column');
  });

  test('a chart has at most six series, each with one point per category and a name of its own', () => {
    const named = (count: number) => many(count, n => ({ name: `s${n}`, data: points('v1', 'v3') }));
    expect(against(line(named(6)))).toEqual([]);
    expect(against(line(named(7))).join()).toContain('no more than 6 items');
    expect(against(line([{ name: 'a', data: points('v1') }])).join()).toContain('exactly one data point per category');
    expect(against(line([...named(1), ...named(1)])).join()).toContain('unique names');
    expect(against(drawn({ type: 'pie', segments: [{ label: 'v1', value: 0 }] })).join()).toContain('greater than 0');
    expect(against(drawn({ type: 'donut' })).join()).toContain('unsupported type: donut');
    expect(against(drawn({ type: 'pie', segments: points('v1') }, long(51))).join()).toContain('less than 51');
  });

  test('a message has at most two charts', () => {
    const pie = drawn({ type: 'pie', segments: points('v1') });
    expect(against(pie, pie)).toEqual([]);
    expect(against(pie, pie, pie).join()).toContain('no more than 2 data_visualization');
  });
});

test('rich text of every kind, a plan, a container, a video and a card are taken', () => {
  const inline = [
    { type: 'text', text: 'a', style: { bold: true, code: true } },
    { type: 'link', url: 'https://a.example/', text: 'there' },
    { type: 'emoji', name: 'wave' },
    { type: 'user', user_id: 'URIKO00001' },
    { type: 'usergroup', usergroup_id: 'SONCALL01' },
    { type: 'channel', channel_id: MESH.id },
    { type: 'broadcast', range: 'here' },
    { type: 'date', timestamp: 1_800_000_000, format: '{date_short} {time}', fallback: 'then' },
    { type: 'color', value: '#ff0000' },
  ];
  const sectionOf = (elements: Json[]) => ({ type: 'rich_text_section', elements });
  const rich = {
    type: 'rich_text',
    elements: [
      sectionOf(inline),
      { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [sectionOf(inline)] },
      { type: 'rich_text_quote', elements: inline },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '- weight: 50' }], border: 0 },
    ],
  };
  const image = { type: 'image', image_url: 'https://a.example/i.png', alt_text: 'i' };
  expect(
    against(
      rich,
      {
        type: 'plan',
        title: 'Steps',
        tasks: [{ type: 'task_card', task_id: '1', title: 'Write', status: 'in_progress', details: rich }],
      },
      {
        type: 'container',
        title: text('Diff'),
        is_collapsible: true,
        default_collapsed: true,
        child_blocks: [rich, actions(button())],
      },
      {
        type: 'video',
        video_url: 'https://a.example/v',
        thumbnail_url: 'https://a.example/t.png',
        alt_text: 'v',
        title: text('v'),
      },
      { type: 'card', title: mrkdwn('c'), icon: image, actions: [button()] },
      { ...image, title: text('t') },
      { type: 'context', elements: [image, mrkdwn('x')] },
      {
        type: 'input',
        label: text('l'),
        element: { type: 'number_input', is_decimal_allowed: false, min_value: '0', max_value: '100' },
      },
      section({
        text: text('s'),
        accessory: { type: 'external_select', min_query_length: 0, placeholder: text('Which?') },
      }),
    ),
  ).toEqual([]);
});
