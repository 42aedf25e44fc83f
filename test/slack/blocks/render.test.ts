import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cut, literal } from '../../../src/slack/blocks/literal.ts';
import { type RenderOptions, render } from '../../../src/slack/blocks/render.ts';
import type { Part } from '../../../src/view.ts';
import { words } from '../setup.ts';

const MESSAGE: RenderOptions = { surface: 'message', files: true };
const drawn = (...parts: Part[]) => render({ text: 'a view', parts }, MESSAGE).blocks;
const types = (blocks: { type: string }[]) => blocks.map(({ type }) => type);

describe('text from anywhere', () => {
  test('shows what would be invisible or turn the text around', () => {
    expect(literal('v1\u202Egnp\u202C')).toBe('v1‹U+202E›gnp‹U+202C›');
    expect(literal('re\u200Bviews')).toBe('re‹U+200B›views');
    expect(literal('\u001B[31mred\u0000')).toBe('‹U+001B›[31mred‹U+0000›');
    expect(literal('\uFEFFx\u{E0041}\uD800')).toBe('‹U+FEFF›x‹U+E0041›‹U+D800›');
  });

  test('leaves ordinary text, other scripts and emoji alone', () => {
    for (const text of ['reviews v3\n\t50 %', 'Überprüfung レビュー обзор', '✅ 👩‍💻 👍🏽 ⚠️ 🏳️‍🌈'])
      expect(literal(text)).toBe(text);
  });

  test('is cut between characters', () => {
    expect(cut('ab😀cd', 4)).toBe('ab…');
    expect(cut('ab😀cd', 5)).toBe('ab😀…');
    expect(cut('abc', 3)).toBe('abc');
  });

  test('is data: no mention, link or format comes of it', () => {
    const nasty = '<!channel> <@U12345678> <https://attacker.example|ok> *x* `y`';
    const { blocks, text } = render(
      {
        text: nasty,
        parts: [
          { kind: 'text', text: nasty },
          { kind: 'note', text: nasty },
          { kind: 'heading', text: nasty },
        ],
      },
      MESSAGE,
    );
    expect(blocks).toEqual([
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: nasty }] }] },
      { type: 'context', elements: [{ type: 'plain_text', text: nasty, emoji: false }] },
      { type: 'header', text: { type: 'plain_text', text: nasty, emoji: false } },
    ]);
    expect(text).toBe('&lt;!channel&gt; &lt;@U12345678&gt; &lt;https://attacker.example|ok&gt; *x* `y`');
  });
});

describe('phrases', () => {
  test('become rich text with people, groups, links and times of their own kind', () => {
    const [block] = drawn({
      kind: 'text',
      text: [
        'by ',
        { person: 'U12345678' },
        { group: 'S12345678' },
        { bold: 'now' },
        { code: 'v3' },
        { link: 'https://docs.example/x', label: 'docs' },
        { time: Date.UTC(2026, 0, 31, 14, 5) },
      ],
    });
    expect(block).toMatchObject({
      elements: [
        {
          elements: [
            { type: 'text', text: 'by ' },
            { type: 'user', user_id: 'U12345678' },
            { type: 'usergroup', usergroup_id: 'S12345678' },
            { type: 'text', text: 'now', style: { bold: true } },
            { type: 'text', text: 'v3', style: { code: true } },
            { type: 'link', url: 'https://docs.example/x', text: 'docs' },
            { type: 'date', timestamp: 1769868300, fallback: '2026-01-31 14:05 UTC' },
          ],
        },
      ],
    });
  });

  test('show an id that is none, an address that is none and a time that is none as text', () => {
    const [block] = drawn({
      kind: 'text',
      text: [{ person: 'U1> <!here' }, { link: 'javascript:alert(1)', label: 'x' }, { time: Number.NaN }],
    });
    expect(words(block).trim().split(/\s+/).join(' ')).toBe('@U1> <!here x (javascript:alert(1)) an unknown time');
  });

  test('in small print keep people and times, and nothing else, as markup', () => {
    const [block] = drawn({
      kind: 'note',
      text: ['asked by ', { person: 'U12345678' }, ' until ', { time: 0 }, { code: '<b>' }],
    });
    expect(block).toEqual({
      type: 'context',
      elements: [
        { type: 'plain_text', text: 'asked by', emoji: false },
        { type: 'mrkdwn', text: '<@U12345678>', verbatim: true },
        { type: 'plain_text', text: 'until', emoji: false },
        { type: 'mrkdwn', text: '<!date^0^{date_short_pretty} at {time}|1970-01-01 00:00 UTC>', verbatim: true },
        { type: 'plain_text', text: '<b>', emoji: false },
      ],
    });
  });
});

describe('code', () => {
  test('that is short stands as it is', () => {
    expect(drawn({ kind: 'code', language: 'yaml', text: 'weight: 50\n' })).toEqual([
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'weight: 50' }] }],
      },
    ]);
  });

  test('that is longer can be folded, and a diff begins unfolded', () => {
    const text = Array.from({ length: 60 }, (_, at) => `line ${at}`).join('\n');
    const [diff] = drawn({ kind: 'code', language: 'diff', text, title: 'VirtualService reviews' });
    expect(diff).toMatchObject({
      type: 'container',
      title: { text: 'VirtualService reviews' },
      is_collapsible: true,
      default_collapsed: false,
    });
    expect(drawn({ kind: 'code', language: 'yaml', text })[0]).toMatchObject({ default_collapsed: true });
  });

  test('of a megabyte is cut after whole lines, says so with its hash, and is whole in a file', () => {
    const text = Array.from({ length: 20_000 }, (_, at) => `+ a line of about fifty characters, number ${at}`).join(
      '\n',
    );
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const { blocks, files } = render(
      { text: 'x', parts: [{ kind: 'code', language: 'diff', text, file: 'reviews.diff', title: 'Diff' }] },
      MESSAGE,
    );
    expect(files).toEqual([{ name: 'reviews.diff', title: 'Diff', text, hash }]);
    const shown = /number (\d+)\n… (\d+) more of 20000 lines, whole in reviews\.diff \(sha256 (\w+)\)$/.exec(
      words(blocks).trim(),
    );
    expect(shown).not.toBeNull();
    expect(Number(shown![1]) + 1 + Number(shown![2])).toBe(20_000);
    expect(shown![3]).toBe(hash);
  });

  test('where no file can go says nothing of one', () => {
    const text = 'x\n'.repeat(20_000);
    const { blocks } = render(
      { text: 'x', parts: [{ kind: 'code', language: 'text', text }] },
      { surface: 'view', files: false },
    );
    expect(words(blocks)).toMatch(/more of 20000 lines \(sha256/);
    expect(types(blocks)).toEqual(['rich_text']);
  });

  test('of several parts share the room: none is crowded out', () => {
    const code = (name: string): Part => ({
      kind: 'code',
      language: 'yaml',
      text: `${name}\n`.repeat(5000),
      title: name,
    });
    const blocks = drawn(code('first'), code('second'), code('third'));
    expect(blocks).toHaveLength(3);
    for (const [at, name] of ['first', 'second', 'third'].entries())
      expect(words(blocks[at])).toContain(`${name}\n${name}`);
  });

  test('a carriage return is shown, except where HTTP ends its lines with it', () => {
    expect(words(drawn({ kind: 'code', language: 'yaml', text: 'a\r\nb' }))).toContain('a‹U+000D›\nb');
    expect(words(drawn({ kind: 'code', language: 'http', text: 'a\r\nb' }))).toContain('a\nb');
  });
});

describe('tables', () => {
  const table = (rows: number, columns = 3): Part => ({
    kind: 'table',
    columns: Array.from({ length: columns }, (_, at) => ({ title: `c${at}`, align: at === 0 ? 'left' : 'right' })),
    rows: Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, at) => `${row}.${at}`)),
  });

  test('are table blocks with aligned columns', () => {
    expect(drawn(table(1, 2))).toEqual([
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'c0' },
            { type: 'raw_text', text: 'c1' },
          ],
          [
            { type: 'raw_text', text: '0.0' },
            { type: 'raw_text', text: '0.1' },
          ],
        ],
        column_settings: [
          { align: 'left', is_wrapped: true },
          { align: 'right', is_wrapped: true },
        ],
      },
    ]);
  });

  test('a second one is text in columns', () => {
    const blocks = drawn(table(2, 2), table(2, 2));
    expect(types(blocks)).toEqual(['table', 'rich_text']);
    expect(words(blocks[1]).trim()).toBe('c0    c1\n0.0  0.1\n1.0  1.1');
  });

  test('too long, they say how many rows are missing', () => {
    const blocks = drawn(table(150, 1));
    expect(types(blocks)).toEqual(['table', 'context']);
    expect(words(blocks[1])).toContain('51 more of 150 rows');
  });

  test('rows that are too short or too long are squared', () => {
    const [block] = drawn({ kind: 'table', columns: [{ title: 'a' }, { title: 'b' }], rows: [['1'], ['1', '2', '3']] });
    expect((block as unknown as { rows: unknown[][] }).rows.map(row => row.length)).toEqual([2, 2, 2]);
  });
});

describe('charts', () => {
  const bars = (labels: string[], names = ['before', 'after']): Part => ({
    kind: 'bars',
    title: 'Traffic of reviews',
    unit: '%',
    series: names.map(name => ({ name, bars: labels.map((label, at) => ({ label, value: at * 10 })) })),
  });

  test('are native where they can be', () => {
    expect(drawn(bars(['v1', 'v2']))).toEqual([
      {
        type: 'data_visualization',
        title: 'Traffic of reviews',
        chart: {
          type: 'bar',
          series: ['before', 'after'].map(name => ({
            name,
            data: [
              { label: 'v1', value: 0 },
              { label: 'v2', value: 10 },
            ],
          })),
          axis_config: { categories: ['v1', 'v2'], y_label: '%' },
        },
      },
    ]);
  });

  test.each([
    ['a label is too long', bars(['a-version-with-a-very-long-name'])],
    ['there are more than twenty labels', bars(Array.from({ length: 21 }, (_, at) => `v${at}`))],
    ['there are more than six series', bars(['v1'], ['a', 'b', 'c', 'd', 'e', 'f', 'g'])],
    ['two labels are the same', bars(['v1', 'v1'])],
    [
      'a value is not known',
      { ...bars([]), series: [{ name: 'x', bars: [{ label: 'v1', value: Number.NaN }] }] } as Part,
    ],
  ])('are bars of text where %s', (_, part) => {
    const blocks = drawn(part);
    expect(types(blocks)).toEqual(['rich_text']);
    expect(words(blocks)).toContain('Traffic of reviews');
  });

  test('the third of a message is text', () => {
    expect(types(drawn(bars(['v1']), bars(['v1']), bars(['v1'])))).toEqual([
      'data_visualization',
      'data_visualization',
      'rich_text',
    ]);
  });

  test('of many moments keep the first and the last', () => {
    const start = Date.UTC(2026, 0, 31, 14);
    const points = Array.from({ length: 61 }, (_, at) => ({ at: start + at * 60_000, value: at }));
    const [block] = drawn({ kind: 'lines', title: 'Rate', unit: 'requests/s', series: [{ name: 'v1', points }] });
    const chart = (block as unknown as { chart: { axis_config: { categories: string[] } } }).chart;
    expect(chart.axis_config.categories).toHaveLength(20);
    expect(chart.axis_config.categories[0]).toBe('14:00');
    expect(chart.axis_config.categories.at(-1)).toBe('15:00');
    expect(chart.axis_config).toMatchObject({ x_label: 'UTC', y_label: 'requests/s' });
  });
});

describe('measures', () => {
  const shown = (text: string) => JSON.stringify(drawn({ kind: 'text', text })).replaceAll('\u00A0', '~');

  test.each([
    ['50 % of 40 requests in 1.2 s', '50~% of 40 requests in 1.2~s'],
    ['22 (55 %), 0.5 requests/s', '22 (55~%), 0.5~requests/s'],
    ['40 × 200; median 29 ms', '40~×~200; median 29~ms'],
    ['v3 send 5 more', 'v3 send 5 more'],
  ])('%s does not end a line between a number and its unit', (text, kept) => {
    expect(shown(text)).toContain(kept);
    const table = drawn({ kind: 'table', columns: [{ title: 'a' }], rows: [[text]] });
    expect(JSON.stringify(table).replaceAll('\u00A0', '~')).toContain(kept);
  });

  test('code stays as it may be copied', () => {
    expect(JSON.stringify(drawn({ kind: 'text', text: [{ code: 'sleep 5 s' }] }))).toContain('sleep 5 s');
  });
});

describe('steps, buttons and questions', () => {
  test('steps are a plan whose title says where it stands', () => {
    const [plan] = drawn({
      kind: 'steps',
      steps: [
        { title: 'Write', state: 'done', detail: 'reviews' },
        { title: 'Prove', state: 'running' },
        { title: 'Report', state: 'pending' },
      ],
    });
    expect(plan).toMatchObject({
      type: 'plan',
      title: 'Prove – 1 of 3 steps are done',
      tasks: [{ status: 'complete', title: 'Write' }, { status: 'in_progress' }, { status: 'pending' }],
    });
  });

  test('a button carries its id and value, and asks back where it should', () => {
    const [block] = drawn({
      kind: 'actions',
      actions: [
        {
          id: 'approve',
          label: 'Approve',
          value: 'mc-1',
          style: 'danger',
          confirm: { title: 'Sure?', text: 'All of reviews moves.', yes: 'Approve', no: 'Wait' },
        },
        { id: 'approve', label: 'Again', value: 'mc-2' },
      ],
    });
    expect(block).toMatchObject({
      type: 'actions',
      elements: [
        { action_id: 'approve', value: 'mc-1', style: 'danger', confirm: { deny: { text: 'Wait' }, style: 'danger' } },
        { action_id: 'approve#1', value: 'mc-2' },
      ],
    });
  });

  test('a menu offers each choice once, up to a hundred, and says when there are more', () => {
    const choices = Array.from({ length: 130 }, (_, at) => ({ value: `route-${at}`, label: `Route ${at}` }));
    const blocks = drawn({
      kind: 'choice',
      id: 'choose',
      prompt: 'Which?',
      placeholder: 'Choose',
      value: 'mc-1',
      choices,
    });
    expect(types(blocks)).toEqual(['rich_text', 'actions', 'context']);
    expect(blocks[1]).toMatchObject({ block_id: '0|mc-1', elements: [{ action_id: 'choose', type: 'static_select' }] });
    expect(words(blocks[2])).toContain('30 more');
  });

  test('a view without parts shows its text', () => {
    expect(words(render({ text: 'only this', parts: [] }, MESSAGE).blocks)).toContain('only this');
  });

  test('what is left out is said', () => {
    const long: Part[] = Array.from({ length: 80 }, (_, at) => ({ kind: 'text', text: `paragraph ${at}` }));
    const blocks = drawn(...long);
    expect(blocks).toHaveLength(50);
    expect(words(blocks.at(-1))).toContain('31 more parts');
  });
});
