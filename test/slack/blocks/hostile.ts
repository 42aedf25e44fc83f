/** Views as bad as they can be, for property tests: long, empty, unseen characters, Slack's own markup, wrong numbers. */
import fc from 'fast-check';
import type { Part, Phrase, Span, View } from '../../../src/view.ts';

const NASTY = [
  '<!channel>',
  '<@U12345678>',
  '<https://attacker.example|click>',
  '```',
  '`',
  '*bold* _it_ ~no~',
  '&amp;<>&',
  '\u202Ereversed\u202C',
  'zero\u200Bwidth\uFEFF',
  '\u0000\u001B[31m',
  '\uD800',
  '👩‍💻',
  '👩\u200D',
  'https://attacker.example',
  ':smile:',
  '\n\n\n',
  '\r\n',
  '',
  ' ',
  '\u3164',
];

export const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc
    .tuple(fc.constantFrom('x', '"', '\n', '\u202E', '👩‍💻', 'line\n'), fc.integer({ min: 1, max: 6000 }))
    .map(([s, n]) => s.repeat(n)),
  fc.array(fc.constantFrom(...NASTY), { maxLength: 40 }).map(all => all.join('')),
);

const moment = fc.oneof(fc.double(), fc.integer({ min: -1e15, max: 1e16 }), fc.constant(Date.UTC(2026, 0, 2)));
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, 50, 100));

const span: fc.Arbitrary<Span> = fc.oneof(
  text,
  text.map(code => ({ code })),
  text.map(bold => ({ bold })),
  text.map(italic => ({ italic })),
  fc.record({ link: fc.oneof(text, fc.webUrl(), fc.constant(`https://x.example/${'y'.repeat(4000)}`)), label: text }),
  fc.oneof(text, fc.constant('U12345678')).map(person => ({ person })),
  fc.oneof(text, fc.constant('S12345678')).map(group => ({ group })),
  moment.map(time => ({ time })),
);
const phrase: fc.Arbitrary<Phrase> = fc.oneof(text, fc.array(span, { maxLength: 30 }));

/** Any number up to the most, not only the small ones that fast-check prefers. */
const few = <T>(one: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.oneof(fc.array(one, { maxLength }), fc.array(one, { maxLength, size: 'max' }));

/** Mostly harmless, so that long lists of them are made fast. */
const cell: fc.Arbitrary<Phrase> = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('reviews', 'v1', '') }, phrase);
const label = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('v1', 'v2', 'mc-1') }, text);

/** Charts that keep every rule but perhaps the numbers of series and categories. */
const fairChart: fc.Arbitrary<Part> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 24 }))
  .map(([names, labels]) => ({
    kind: 'bars',
    title: 'Traffic',
    unit: '%',
    series: Array.from({ length: names }, (_, name) => ({
      name: `series ${name}`,
      bars: Array.from({ length: labels }, (_, value) => ({ label: `v${value}`, value })),
    })),
  }));

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('heading' as const), text }),
  fc.record({ kind: fc.constant('text' as const), text: phrase }),
  fc.record({ kind: fc.constant('note' as const), text: phrase }),
  fc.record({ kind: fc.constant('fields' as const), fields: few(fc.record({ name: label, value: cell }), 25) }),
  fc.record({ kind: fc.constant('bullets' as const), items: few(cell, 60) }),
  fc.record({
    kind: fc.constant('table' as const),
    columns: few(fc.record({ title: text, align: fc.constantFrom('left' as const, 'right' as const) }), 25),
    rows: few(few(cell, 25), 130),
  }),
  fc.record(
    {
      kind: fc.constant('code' as const),
      language: fc.constantFrom('yaml' as const, 'diff' as const, 'json' as const, 'http' as const, 'text' as const),
      text: fc.oneof(
        text,
        few(text, 200).map(lines => lines.join('\n')),
      ),
      title: text,
      file: text,
    },
    { requiredKeys: ['kind', 'language', 'text'] },
  ),
  fc.record({
    kind: fc.constant('bars' as const),
    title: text,
    unit: text,
    series: few(fc.record({ name: text, bars: few(fc.record({ label: text, value: number }), 30) }), 9),
  }),
  fc.record({
    kind: fc.constant('lines' as const),
    title: text,
    unit: text,
    series: few(fc.record({ name: text, points: few(fc.record({ at: moment, value: number }), 60) }), 9),
  }),
  fc.record({
    kind: fc.constant('steps' as const),
    steps: few(
      fc.record(
        {
          title: text,
          state: fc.constantFrom('pending' as const, 'running' as const, 'done' as const, 'failed' as const),
          detail: phrase,
        },
        { requiredKeys: ['title', 'state'] },
      ),
      30,
    ),
  }),
  fc.record({
    kind: fc.constant('choice' as const),
    id: fc.constantFrom('choose', 'other'),
    prompt: phrase,
    placeholder: text,
    value: text,
    choices: few(fc.record({ value: fc.oneof(label, fc.uuid()), label }), 130),
  }),
  fc.record({
    kind: fc.constant('actions' as const),
    actions: few(
      fc.record(
        {
          id: label,
          label,
          value: label,
          style: fc.constantFrom('primary' as const, 'danger' as const),
          confirm: fc.record({ title: text, text, yes: text, no: text }),
        },
        { requiredKeys: ['id', 'label', 'value'] },
      ),
      40,
    ),
  }),
  fc.record({ kind: fc.constant('divider' as const) }),
  fairChart,
);

export const view: fc.Arbitrary<View> = fc.record({
  text,
  parts: fc.oneof(few(part, 8), few(part, 70)),
});
