/** Charts, tables, dates, code and inputs: the numbers and shapes behind what is drawn. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellNumber, filterRows, pageOf, sortRows } from '../../../src/sandbox/slack/page/blocks/table-model.ts';
import { readChart } from '../../../src/sandbox/slack/page/chart/model.ts';
import { axisOver, linear, ring, shortLabel, shortNumber } from '../../../src/sandbox/slack/page/chart/scale.ts';
import { actionObject, complaints, inputKey, stateValues } from '../../../src/sandbox/slack/page/elements/values.ts';
import { ago, dayDivider, formatDate } from '../../../src/sandbox/slack/page/text/dates.ts';
import { highlight } from '../../../src/sandbox/slack/page/text/highlight.ts';
import { format, insert } from '../../../src/sandbox/slack/page/text/typing.ts';

describe('chart scales', () => {
  it('hold every value between the first and the last tick, with zero among the ticks', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 20 }), values => {
        const axis = axisOver(values);
        const slack = (axis.max - axis.min) * 1e-6;
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(axis.min - slack);
          expect(value).toBeLessThanOrEqual(axis.max + slack);
        }
        expect(axis.ticks.some(tick => Math.abs(tick) === 0)).toBe(true);
        expect(axis.ticks.length).toBeLessThan(9);
      }),
    );
  });

  it('step in round numbers and map both ends', () => {
    expect(axisOver([0, 118]).ticks).toEqual([0, 50, 100, 150]);
    const y = linear(axisOver([0, 100]), 200, 0);
    expect([y(0), y(50), y(100)]).toEqual([200, 100, 0]);
    expect([shortNumber(1250), shortNumber(45_000), shortNumber(0.125)]).toEqual(['1,250', '45k', '0.125']);
  });

  it('cut a label only where it has not the room to be whole', () => {
    expect(shortLabel('nobody: refused', 160)).toBe('nobody: refused');
    expect(shortLabel('nobody: refused', 60)).toBe('nobody: refus…');
  });

  it('draw a pie of one segment as a whole ring', () => {
    expect(ring([5], 10, 5)[0]?.path).toMatch(/^M0\.000 -10\.000A10 10 0 1 1 -0\.00/);
  });

  it('read series by category, with gaps where no value was given', () => {
    const chart = readChart({
      chart: {
        type: 'line',
        axis_config: { categories: ['a', 'b'] },
        series: [{ name: 's', data: [{ label: 'b', value: 2 }] }],
      },
    });
    expect(chart).toMatchObject({ series: [{ name: 's', values: [undefined, 2] }] });
    expect(readChart({ chart: { type: 'radar' } })).toBeUndefined();
  });
});

describe('data tables', () => {
  const row = (name: string, value: string) => [
    { type: 'raw_text', text: name },
    { type: 'raw_text', text: value },
  ];
  const rows = [row('reviews', '1,204'), row('ratings', '90'), row('details', '300 ms')];
  const names = (sorted: typeof rows) => sorted.map(one => one[0]?.text);

  it('sort numbers by size, with their units, and words by the alphabet', () => {
    expect(names(sortRows(rows, { column: 1, down: false }) as typeof rows)).toEqual(['ratings', 'details', 'reviews']);
    expect(names(sortRows(rows, { column: 0, down: true }) as typeof rows)).toEqual(['reviews', 'ratings', 'details']);
    expect(cellNumber({ type: 'raw_text', text: 'v3' })).toBeUndefined();
  });

  it('keep the rows that hold every word, and cut pages', () => {
    expect(names(filterRows(rows, 'RE 1') as typeof rows)).toEqual(['reviews']);
    expect(pageOf(rows, 9, 2)).toMatchObject({ page: 2, pages: 2, first: 3, last: 3, total: 3 });
    expect(pageOf([], 1, 2)).toMatchObject({ page: 1, pages: 1, first: 0, last: 0 });
  });
});

describe('inputs', () => {
  const pick = { type: 'static_select', action_id: 'v', initial_option: { value: 'v1' } };
  const blocks = [
    { type: 'input', block_id: 'r', element: { type: 'plain_text_input', action_id: 'r', min_length: 3 } },
    { type: 'section', block_id: 's', accessory: pick },
    {
      type: 'container',
      child_blocks: [
        {
          type: 'actions',
          block_id: 'c',
          elements: [
            { type: 'button', action_id: 'b' },
            { type: 'checkboxes', action_id: 'x' },
          ],
        },
      ],
    },
  ];
  const entered = {
    [inputKey('s', 'v')]: {
      value: { type: 'static_select', selected_option: { value: 'v3' } },
      initial: JSON.stringify({ type: 'static_select', selected_option: { value: 'v1' } }),
    },
  };

  it('give state.values of every input, also inside containers, and nothing of buttons', () => {
    expect(stateValues(blocks, entered, false)).toEqual({
      r: { r: { type: 'plain_text_input', value: null } },
      s: { v: { type: 'static_select', selected_option: { value: 'v3' } } },
      c: { x: { type: 'checkboxes', selected_options: [] } },
    });
  });

  it('forget in a message what was chosen once the app gives another beginning, but keep it in a view', () => {
    const redrawn = [{ type: 'section', block_id: 's', accessory: { ...pick, initial_option: { value: 'v2' } } }];
    expect(stateValues(redrawn, entered, false)).toMatchObject({
      s: { v: { selected_option: { value: 'v2' } } },
    });
    expect(stateValues(redrawn, entered, true)).toMatchObject({
      s: { v: { selected_option: { value: 'v3' } } },
    });
  });

  it('complain as Slack does before anything is sent', () => {
    expect(complaints(blocks, {})).toEqual({ r: 'Please complete this required field.' });
    const short = { [inputKey('r', 'r')]: { value: { type: 'plain_text_input', value: 'no' }, initial: '' } };
    expect(complaints(blocks, short)).toEqual({ r: 'Please enter at least 3 characters.' });
    const share = [
      {
        type: 'input',
        block_id: 'n',
        element: { type: 'number_input', action_id: 'n', initial_value: '101', max_value: '100' },
      },
    ];
    expect(complaints(share, {})).toEqual({ n: 'Please enter a number that is at most 100.' });
  });

  it('write an action as Block Kit has it', () => {
    expect(actionObject({ type: 'button', action_id: 'a' }, 'b', { value: 'v' }, 1_763_735_857_042)).toEqual({
      type: 'button',
      action_id: 'a',
      block_id: 'b',
      value: 'v',
      action_ts: '1763735857.042000',
    });
  });
});

describe('dates', () => {
  const now = new Date(2026, 10, 21, 15, 0, 0);
  it('are near or far', () => {
    expect(dayDivider(new Date(2026, 10, 20), now)).toBe('Yesterday');
    expect(dayDivider(new Date(2026, 10, 3), now)).toBe('Tuesday, November 3rd');
    expect(ago(new Date(2026, 10, 21, 14, 55), now)).toBe('5 minutes ago');
    expect(
      formatDate(new Date(2026, 10, 21, 9, 5).getTime() / 1000, '{date_short_pretty} at {time}, {unknown}', now),
    ).toBe('Today at 9:05\u00A0AM, {unknown}');
  });
});

describe('code', () => {
  it('keeps every character, whatever the language', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('diff' as const, 'yaml' as const, 'json' as const, 'text' as const),
        (text, language) => {
          const lines = highlight(text, language).map(line => line.tokens.map(token => token.text).join(''));
          expect(lines.join('\n')).toBe(text);
        },
      ),
    );
  });

  it('marks the lines of a diff', () => {
    expect(highlight('--- a\n@@ -1 @@\n-x: 1\n+x: 2\n y', 'diff').map(line => line.mark)).toEqual([
      'file',
      'hunk',
      'removed',
      'added',
      'none',
    ]);
  });
});

describe('typing', () => {
  it('puts marks around the selection and takes them away again', () => {
    const bold = format({ text: 'a word', start: 2, end: 6 }, 'bold');
    expect(bold).toEqual({ text: 'a *word*', start: 3, end: 7 });
    expect(format(bold, 'bold')).toEqual({ text: 'a word', start: 2, end: 6 });
  });

  it('completes a word in the middle of a line without doubling the space', () => {
    expect(insert({ text: 'hi @ri there', start: 6, end: 6 }, 3, '@Riko Tanaka ').text).toBe('hi @Riko Tanaka there');
  });
});
