import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Re2 } from '../../../src/istio/re2/re2.ts';

const fits = (source: string, text: string): boolean | undefined => Re2.read(source)?.matches(text);

describe('a regular expression of the mesh', () => {
  it.each([
    ['/reviews/[0-9]+', '/reviews/12', true],
    ['/reviews/[0-9]+', '/reviews/12/x', false],
    ['a|ab', 'ab', true],
    ['^/v[12]/.*$', '/v2/x', true],
    ['(?i)/API/.*', '/api/x', true],
    ['/(?i:API)/x', '/api/X', false],
    ['.*\\.(js|css)', '/a/b.css', true],
    ['(?P<id>\\d{2,3})', '1234', false],
    ['(?P<id>\\d{2,3})', '123', true],
    ['[[:alpha:]_-]+', 'a_b-C', true],
    ['[^/]+', 'a/b', false],
    ['\\Qa.b\\E+', 'a.bb', true],
    ['\\x41\\x{1F600}', 'A😀', true],
    ['\\p{Greek}+', 'αβγ', true],
    ['\\pN+', 'a1', false],
    ['.', '😀', true],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['\\bfoo\\b.*', 'foo bar', true],
    ['{a}', '{a}', true],
    ['[]a]+', ']a', true],
    ['[a-]+', 'a-', true],
  ])('%s on %j', (source, text, expected) => {
    expect(fits(source, text)).toBe(expected);
  });

  it.each([
    '(',
    ')',
    '[a',
    'a**',
    '*a',
    '(?=a)',
    '(a)\\1',
    '(?<!a)b',
    'a{1001}',
    '[b-a]',
    '\\8',
    'a{2,1}',
    '(?x)a',
    '\\',
  ])('is none where RE2 takes it for none: %s', source => {
    expect(Re2.read(source)).toBeUndefined();
  });

  it('takes time that grows with the text alone, however it was written', () => {
    const text = `${'a'.repeat(5_000)}!`;
    for (const source of ['(a+)+', '(a|a)*', '(a*)*b', '(.*)(.*)(.*)(.*)x', '(a?){50}a{50}', '((a{0,9}){0,9}){0,9}']) {
      expect(fits(source, text)).toBe(false);
    }
    // Too large to be followed, or nothing at all a thousand million times.
    expect(Re2.read('((a{1000}){1000}){1000}')).toBeUndefined();
    expect(fits('(?:(?:(?:){1000}){1000}){1000}', '')).toBe(true);
  }, 10_000);

  it('replaces every match from the left, with what its groups found', () => {
    const slash = Re2.read('/v([0-9]+)/(.*)')!;
    expect(slash.replaceAll('/v2/books', groups => `${groups[2]}@${groups[1]}`)).toBe('books@2');
    expect(Re2.read('a+')!.replaceAll('xaaya', () => '-')).toBe('x-y-');
    expect(Re2.read('a*')!.replaceAll('baac', () => '-')).toBe('-b-c-');
    expect(Re2.read('a+?')!.replaceAll('aa', () => '-')).toBe('--');
    expect(Re2.read('(a)|(b)')!.replaceAll('b', groups => `${groups[1]}${groups[2]}`)).toBe('undefinedb');
  });

  it('fits what JavaScript says that it fits, wherever the two languages are one', () => {
    const { source } = fc.letrec<{ source: string; atom: string }>(tie => ({
      source: fc.array(tie('atom'), { minLength: 1, maxLength: 4 }).map(atoms => atoms.join('')),
      atom: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\d', 'a?', 'b*', 'a+?', 'b{1,2}', '^', '$', '\\b'),
        tie('source').map(each => `(${each})`),
        fc.tuple(tie('source'), tie('source')).map(([one, other]) => `(?:${one}|${other})`),
        fc
          .tuple(tie('source'), fc.constantFrom('*', '+', '?', '{2}', '*?'))
          .map(([each, times]) => `(?:${each})${times}`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-'), maxLength: 8 });
    fc.assert(
      fc.property(source, text, (source, text) => {
        expect(fits(source, text)).toBe(new RegExp(`^(?:${source})$`).test(text));
        // A turn of a group's repetition that takes nothing is no turn to JavaScript, which then tries the group's next
        // alternative; to RE2 it is one. So what is found, unlike whether all fits, may differ behind such a group.
        if (/\)[*+?{]/.test(source)) return;
        const first = new RegExp(source).exec(text);
        const seen: string[] = [];
        Re2.read(source)!.replaceAll(text, groups => {
          seen.push(groups[0]!);
          return '';
        });
        expect(seen[0]).toBe(first?.[0]);
      }),
      { numRuns: 1_000 },
    );
  });
});
