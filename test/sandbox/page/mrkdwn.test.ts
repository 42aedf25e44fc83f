/** How mrkdwn, markdown and rich_text are read. */

import { describe, expect, it } from 'vitest';
import { nestLists, readElements } from '../../../src/sandbox/slack/page/blocks/rich-text-tree.ts';
import { cutAtEmoji } from '../../../src/sandbox/slack/page/text/emoji.ts';
import { plainText } from '../../../src/sandbox/slack/page/text/inline.ts';
import { parseMarkdown } from '../../../src/sandbox/slack/page/text/markdown.ts';
import { parseInline, parseMrkdwn } from '../../../src/sandbox/slack/page/text/mrkdwn.ts';

const words = (text: string) => ({ kind: 'text', text });
const plain = (text: string) => plainText(parseInline(text), (_kind, id) => id);

describe('mrkdwn', () => {
  it('reads styles, one inside the other', () => {
    expect(parseInline('*bold _both_* ~gone~ `a*b*`')).toEqual([
      { kind: 'bold', children: [words('bold '), { kind: 'italic', children: [words('both')] }] },
      words(' '),
      { kind: 'strike', children: [words('gone')] },
      words(' '),
      { kind: 'code', text: 'a*b*' },
    ]);
  });

  it('leaves marks alone that stand inside words, beside spaces, or have no end', () => {
    for (const text of ['a*b*c', '2 * 3 * 4', '*open', 'snake_case_name', '* no *', '~/path and ~/other']) {
      expect(parseInline(text)).toEqual([words(text)]);
    }
  });

  it('reads mentions, channels, groups, broadcasts and dates', () => {
    expect(parseInline('<@U1> <#C1|general> <!subteam^S1> <!here>').filter(node => node.kind !== 'text')).toEqual([
      { kind: 'user', id: 'U1' },
      { kind: 'channel', id: 'C1', label: 'general' },
      { kind: 'group', id: 'S1' },
      { kind: 'broadcast', range: 'here' },
    ]);
    expect(parseInline('<!date^1763719200^{date} at {time}^https://example.com|then>')).toEqual([
      { kind: 'date', at: 1763719200, format: '{date} at {time}', fallback: 'then', url: 'https://example.com' },
    ]);
  });

  it('makes links of web and mail addresses only, so that no text becomes a script', () => {
    expect(parseInline('<https://example.com/a?b=1&amp;c=2|here>')).toEqual([
      { kind: 'link', url: 'https://example.com/a?b=1&c=2', children: [words('here')] },
    ]);
    expect(parseInline('see https://example.com/x.')[1]).toMatchObject({ kind: 'link', url: 'https://example.com/x' });
    for (const text of ['<javascript:alert(1)|x>', '<data:text/html,x|y>', '</script>', '<//evil.example|x>']) {
      expect(parseInline(text)).toEqual([words(text)]);
    }
  });

  it('shows escaped characters as themselves and knows only the emoji of its table', () => {
    expect(plain('a &lt;b&gt; &amp;amp; :tada: :nothing_like_it:')).toBe('a <b> &amp; 🎉 :nothing_like_it:');
  });

  it('parts fences, quotes and lines', () => {
    expect(parseMrkdwn('before\n```\ncode *not bold*\n```\n&gt; one\n&gt; two\nafter')).toEqual([
      { kind: 'paragraph', children: [words('before')] },
      { kind: 'pre', text: 'code *not bold*' },
      { kind: 'quote', children: [words('one'), { kind: 'break' }, words('two')] },
      { kind: 'paragraph', children: [words('after')] },
    ]);
  });
});

describe('markdown', () => {
  it('reads headings, nested and task lists, tables, code and quotes', () => {
    const nodes = parseMarkdown(
      '# One\n\n- a\n  - b\n- [x] c\n\n| A | B |\n| --- | --: |\n| 1 | `x\\|y` |\n\n```yaml\na: 1\n```\n> said\n\n---',
    );
    expect(nodes.map(node => node.kind)).toEqual(['heading', 'list', 'table', 'code', 'quote', 'rule']);
    expect(nodes[1]).toMatchObject({
      items: [
        { children: [words('a')], blocks: [{ kind: 'list', items: [{ children: [words('b')] }] }] },
        { checked: true },
      ],
    });
    expect(nodes[2]).toMatchObject({
      align: ['left', 'right'],
      rows: [[[words('1')], [{ kind: 'code', text: 'x|y' }]]],
    });
    expect(nodes[3]).toEqual({ kind: 'code', language: 'yaml', text: 'a: 1' });
  });

  it('never makes a link of a script', () => {
    expect(parseMarkdown('[x](javascript:alert)')).toEqual([{ kind: 'paragraph', children: [words('x')] }]);
  });
});

describe('rich_text', () => {
  it('hangs flat lists on each other by their indent', () => {
    const list = (style: string, indent: number, ...items: string[]) => ({
      type: 'rich_text_list',
      style,
      indent,
      elements: items.map(text => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] })),
    });
    const [tree, ...more] = nestLists([list('bullet', 0, 'a'), list('ordered', 1, 'b', 'c'), list('bullet', 0, 'd')]);
    expect(more).toEqual([]);
    expect(tree?.items.map(item => [plainText(item.content, () => ''), item.lists.length])).toEqual([
      ['a', 1],
      ['d', 0],
    ]);
    expect(tree?.items[0]?.lists[0]).toMatchObject({ ordered: true, items: [{}, {}] });
  });

  it('puts styles around text and leaves a link without a safe address as words', () => {
    expect(readElements([{ type: 'text', text: 'x', style: { bold: true, code: true } }])).toEqual([
      { kind: 'bold', children: [{ kind: 'code', text: 'x' }] },
    ]);
    expect(readElements([{ type: 'link', url: 'javascript:alert(1)', text: 'x' }])).toEqual([words('x')]);
  });
});

describe('emoji written as characters', () => {
  it('are told from the text around them', () => {
    expect(cutAtEmoji('✅ Done, ⚠️ one warning')).toEqual([
      '',
      { name: 'white_check_mark', character: '✅' },
      ' Done, ',
      { name: 'warning', character: '⚠️' },
      ' one warning',
    ]);
  });

  it('leave other text alone', () => {
    expect(cutAtEmoji('reviews v3: 50 % #1')).toEqual(['reviews v3: 50 % #1']);
  });
});
