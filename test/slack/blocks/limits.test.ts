import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { render } from '../../../src/slack/blocks/render.ts';
import { text, view } from './hostile.ts';
import { complaints, everything } from './slack-limits.ts';

/** Control and format characters except newline, tab and what emoji are made with. */
const UNSEEN = /(?![\n\t\u200D])[\p{Cc}\p{Cf}\p{Cs}\u3164]/u;

describe('any view, however hostile', () => {
  test('becomes blocks within every limit of a message', () => {
    fc.assert(
      fc.property(view, hostile => {
        const { blocks, text } = render(hostile, { surface: 'message', files: true });
        expect(complaints(blocks)).toEqual([]);
        expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(4000);
      }),
      { numRuns: 120, interruptAfterTimeLimit: 12_000 },
    );
  });

  test('becomes blocks that a Home tab and a modal take', () => {
    fc.assert(
      fc.property(view, hostile => {
        expect(complaints(render(hostile, { surface: 'view', files: false }).blocks, 'view')).toEqual([]);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 12_000 },
    );
  });

  test('shows no unseen character and no markup of its own', () => {
    fc.assert(
      fc.property(view, hostile => {
        const rendered = render(hostile, { surface: 'message', files: true });
        for (const one of everything(rendered.blocks)) {
          if (typeof one.text === 'string') expect(one.text).not.toMatch(UNSEEN);
          expect(one.type).not.toBe('broadcast');
          if (one.type !== 'mrkdwn') continue;
          expect(one.text).toMatch(/^<(@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!date\^\d+\^[^<>]*|https?:\/\/[^<>]+)>$/);
        }
        expect(rendered.text).not.toMatch(/[<>]/);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 12_000 },
    );
  });

  test('keeps its buttons when everything else is too long', () => {
    fc.assert(
      fc.property(view, text, (hostile, long) => {
        const parts = hostile.parts.filter(({ kind }) => kind !== 'actions' && kind !== 'choice');
        const actions = [{ id: 'approve', label: 'Approve', value: 'mc-1' }];
        const crowded = { text: long, parts: [...parts, { kind: 'actions' as const, actions }] };
        const { blocks } = render(crowded, { surface: 'message', files: true });
        expect(everything(blocks).filter(one => one.action_id === 'approve')).toHaveLength(1);
      }),
      { numRuns: 40, interruptAfterTimeLimit: 12_000 },
    );
  });
});
