import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, defineChange, defineQuery, defineSetting } from '../../src/command.ts';
import { lineOf } from '../../src/grammar/line.ts';
import type { Vocabulary } from '../../src/grammar/parameters.ts';
import { parse } from '../../src/grammar/parse.ts';
import { usageOf } from '../../src/grammar/usage.ts';
import type { Phrase } from '../../src/view.ts';

const vocabulary: Vocabulary = {
  services: ['reviews', 'ratings', 'productpage', 'cart.shop'],
  versions: service => (service === 'reviews' ? ['v1', 'v2', 'v3'] : []),
  changes: ['shift-1a2b3c', 'shift-9f8e7d', 'undo-112233'],
  verbs: ['move', 'ask', 'door shut', 'door open'],
  gateways: ['front', 'istio-system/back'],
};

const move = defineChange({
  verb: 'move',
  summary: 'Move things',
  writes: [],
  parameters: {
    service: { type: 'service', required: true, about: 'the service' },
    version: { type: 'version', of: 'service', required: true, about: 'the version' },
    percent: { type: 'percent', required: true, about: 'the share' },
    match: { type: 'word', flag: true, about: 'a condition' },
    fast: { type: 'switch', flag: true, about: 'at once' },
    times: { type: 'count', most: 100, flag: true, about: 'how often' },
  },
  examples: [],
  plan: () => ({ kind: 'nothing', why: '' }),
});

const ask = defineQuery({
  verb: 'ask',
  summary: 'Ask things',
  parameters: {
    url: { type: 'url', about: 'where to' },
    change: { type: 'change', about: 'a change', flag: true },
    verb: { type: 'verb', about: 'a verb', flag: true },
    from: { type: 'source', about: 'from where', flag: true },
    header: { type: 'pairs', about: 'a header', flag: true },
  },
  examples: [],
  answer: async () => ({ text: '', parts: [] }),
});

const note = defineSetting({
  verb: 'note',
  summary: 'Note things',
  asks: true,
  parameters: {
    what: { type: 'words', about: 'what to note' },
    tz: { type: 'word', flag: true, about: 'a zone' },
  },
  examples: [],
  set: async () => ({ kind: 'refused', says: '' }),
});

const shut = defineChange({
  verb: 'door shut',
  summary: 'Shut a door',
  writes: [],
  parameters: {
    name: { type: 'gateway', required: true, about: 'the door' },
    path: { type: 'list', flag: true, about: 'a path' },
    to: { type: 'service', port: true, flag: true, about: 'a service' },
  },
  examples: [],
  plan: () => ({ kind: 'nothing', why: '' }),
});

const open = defineQuery({
  verb: 'door open',
  summary: 'Ask for a door',
  parameters: {},
  examples: [],
  answer: async () => ({ text: '', parts: [] }),
});

const commands: Command[] = [move, ask, note, shut, open];

function plain(phrase: Phrase): string {
  if (typeof phrase === 'string') return phrase;
  return phrase.map(span => (typeof span === 'string' ? span : 'code' in span ? `\`${span.code}\`` : '')).join('');
}

function values(line: string) {
  const parsed = parse(line, commands, vocabulary);
  if (parsed.kind === 'mistake') throw new Error(plain(parsed.says));
  return parsed.kind === 'command' ? parsed.values : undefined;
}

function mistake(line: string): string {
  const parsed = parse(line, commands, vocabulary);
  if (parsed.kind !== 'mistake') throw new Error(`${line} is no mistake`);
  return plain(parsed.says);
}

describe('a verb of two words', () => {
  it('is told by both, in any case, and with any space between', () => {
    expect(values('door shut front')).toEqual({ name: 'front' });
    expect(values('Door   SHUT front --path /a --path=/b*')).toEqual({ name: 'front', path: ['/a', '/b*'] });
  });

  it('is missed by name: the other words of its first, or the nearest of all', () => {
    expect(mistake('door')).toBe('`door` needs one word more. There are: `door shut`, `door open`.');
    expect(mistake('door shutt front')).toBe('`door shutt` is not a command. Did you mean `door shut`?');
    expect(mistake('dor shut front')).toContain('Did you mean `door shut`?');
    expect(mistake('dooor')).toContain('Did you mean `door`?');
  });

  it('is named as one where a verb is asked for', () => {
    expect(values('ask --verb "door shut"')).toEqual({ verb: 'door shut' });
    expect(values('ask --verb door')).toEqual({ verb: 'door' });
  });

  it('is written by a form as it is typed', () => {
    const chosen = { name: 'front', path: '/a\n/b c' };
    expect(lineOf(shut, chosen)).toBe('door shut front --path /a --path "/b c"');
    expect(values(lineOf(shut, chosen))).toEqual({ name: 'front', path: ['/a', '/b c'] });
  });
});

describe('a gateway', () => {
  it('is meant by its name, by both names, or by its name alone elsewhere', () => {
    for (const name of ['front', 'default/front', 'istio-system/back', 'back', 'back.istio-system']) {
      expect(values(`door shut ${name}`)).toEqual({ name });
    }
  });

  it('is told by the nearest name where there is none', () => {
    expect(mistake('door shut frnt')).toContain('`frnt` is not a Gateway here. Did you mean `front`?');
    expect(mistake('door shut a/b/c')).toContain('is not a Gateway. Write `name` or `namespace/name`.');
  });
});

describe('a service with a port', () => {
  it('keeps it, and is refused a port that is none', () => {
    expect(values('door shut front --to reviews:9080')).toEqual({ name: 'front', to: 'reviews:9080' });
    expect(values('door shut front --to reviews')).toEqual({ name: 'front', to: 'reviews' });
    for (const word of ['reviews:0', 'reviews:x', 'reviews:70000', 'reviews:1:2']) {
      expect(mistake(`door shut front --to ${word}`)).toContain('is not a service with a port');
    }
    expect(mistake('door shut front --to revews:80')).toContain('Did you mean `reviews`?');
  });
});

describe('a line of chat', () => {
  it('becomes typed arguments', () => {
    expect(values('move reviews v3 50')).toEqual({ service: 'reviews', version: 'v3', percent: 50 });
    expect(values('MOVE Reviews v3 50% --match a --fast --times 3')).toEqual({
      service: 'reviews',
      version: 'v3',
      percent: 50,
      match: 'a',
      fast: true,
      times: 3,
    });
  });

  it('may hold flags anywhere, with = or a space', () => {
    expect(values('move --match=a reviews --fast v3 50')).toEqual(values('move reviews v3 50 --match a --fast'));
  });

  it('is nothing where nothing was typed', () => {
    for (const line of ['', '   ', '\u200b']) expect(parse(line, commands, vocabulary).kind).toBe('empty');
  });

  it.each([
    ['move reviews v3 50 --match "end-user = jason"', 'end-user = jason'],
    ['move reviews v3 50 --match “end-user = jason”', 'end-user = jason'],
    ['move reviews v3 50 --match \'a "b" c\'', 'a "b" c'],
    ['move reviews v3 50 —match="a b"', 'a b'],
    ['move reviews v3 50 –match `a b`', 'a b'],
    ['move reviews v3 50 --match a=&lt;b&gt;&amp;c', 'a=<b>&c'],
    ['move reviews v3 50 --match <http://shop.example.com|shop.example.com>', 'shop.example.com'],
    ["move reviews v3 50 --match jason's", "jason's"],
    ['move reviews v3 50 --match "--not-a-flag"', '--not-a-flag'],
  ])('is read as it was meant: %s', (line, match) => {
    expect(values(line)).toMatchObject({ match });
  });

  it('may have names in backticks and links that the chat made of them', () => {
    expect(values('move `reviews` `v3` 50')).toEqual(values('move reviews v3 50'));
    expect(values('ask <http://productpage/api>')).toEqual({ url: 'http://productpage/api' });
    expect(values('ask <http://shop.example.com/x?a=1&amp;b=2|shop.example.com/x?a=1&amp;b=2>')).toEqual({
      url: 'http://shop.example.com/x?a=1&b=2',
    });
  });

  it('shares the answer of a query when told to', () => {
    expect(parse('ask --share', commands, vocabulary)).toMatchObject({ kind: 'command', share: true });
    expect(parse('ask', commands, vocabulary)).toMatchObject({ kind: 'command', share: false });
    expect(mistake('move reviews v3 50 --share')).toContain('is not a flag of `move`');
  });

  it('takes a service of another namespace, and the long name of one', () => {
    expect(values('move cart.shop v1 5')).toMatchObject({ service: 'cart.shop' });
    expect(values('move reviews.default.svc.cluster.local v1 5')).toMatchObject({ service: 'reviews.default' });
  });

  it('takes the beginning of a change’s id, where it is of one only', () => {
    expect(values('ask --change shift-9')).toEqual({ change: 'shift-9f8e7d' });
    expect(mistake('ask --change shift')).toBe('`shift` is the beginning of 2 changes. Write more of it.');
  });

  it('reads where to ask from', () => {
    expect(values('ask --from outside')).toEqual({ from: { kind: 'gateway' } });
    expect(values('ask --from pod:ratings-1.shop')).toEqual({
      from: { kind: 'pod', pod: 'ratings-1', namespace: 'shop' },
    });
    expect(values('ask --from pod:ratings')).toEqual({ from: { kind: 'pod', pod: 'ratings', namespace: '' } });
    for (const bad of ['pod', 'pod:', 'pod:a.b.c', 'pod:--help', 'pod:a/b', 'node:x']) {
      expect(mistake(`ask --from "${bad}"`)).toContain('is not a place to ask from');
    }
  });

  it('collects headers', () => {
    expect(values('ask --header end-user=jason --header "x-a: b c"')).toEqual({
      header: [
        { name: 'end-user', value: 'jason' },
        { name: 'x-a', value: 'b c' },
      ],
    });
    for (const bad of ['jason', '=x', 'a b=c', 'a=b\u0007c'])
      expect(mistake(`ask --header "${bad}"`)).toContain('is not a pair');
  });
});

describe('a mistake', () => {
  it.each([
    ['mvoe reviews v3 50', '`mvoe` is not a command. Did you mean `move`?'],
    ['move revews v3 50', '`revews` is not a service here. Did you mean `reviews`?'],
    [
      'move nothing v3 50',
      '`nothing` is not a service here. There are: `reviews`, `ratings`, `productpage`, `cart.shop`.',
    ],
    ['move reviews vv3 50', '`vv3` is not a version of `reviews`. Did you mean `v3`?'],
    ['move reviews v4 50', '`v4` is not a version of `reviews`. There are: `v1`, `v2`, `v3`.'],
    ['move reviews v3 50 --mach x', '`--mach` is not a flag of `move`. Did you mean `--match`?'],
    ['ask --change shift-1a2b3d', '`shift-1a2b3d` is not a change here. Did you mean `shift-1a2b3c`?'],
    ['ask --verb mov', '`mov` is not a command. Did you mean `move`?'],
    ['ask prodctpage/x', '`prodctpage` is not a service here. Did you mean `productpage`?'],
    ['ask ftp://host/x', '`ftp://host/x` is not http. Only http:// and https:// addresses can be asked.'],
    ['move reviews v3 50 --match "x', 'The quote `"` is never closed.'],
  ])('is told in one sentence: %s', (line, says) => {
    expect(mistake(line)).toBe(says);
  });

  it.each(['1e2', '-1', '50.5', '101', '+5', '0x10', '٥٠', 'half', '1000', '50%%', ''])('a share is never %s', word => {
    expect(mistake(`move reviews v3 "${word}"`)).toContain('is not a share. Write a whole number from 0 to 100');
  });

  it.each(['-x', 'a_b', '../x', 'a b', '__proto__', 'x;y', 'a..b', '*', `${'a'.repeat(64)}`, '<!channel>', 'ré'])(
    'a service is never called %s',
    word => {
      expect(mistake(`move "${word}" v3 50`)).toContain('cannot be a name');
    },
  );

  it('names the missing, the surplus and the valueless, and how it is written', () => {
    const usage = '`move <service> <version> <percent> [--match <match>] [--fast] [--times <times>]`';
    expect(mistake('move reviews')).toBe(`\`<version>\` is missing: the version. Usage: ${usage}.`);
    expect(mistake('move reviews v3 50 60')).toContain('`60` is one word too many.');
    expect(mistake('move reviews v3 50 --match')).toContain('`--match` needs a value');
    expect(mistake('move reviews v3 50 --match --fast')).toContain('`--match` needs a value');
    expect(mistake('move reviews v3 50 --fast=yes')).toContain('`--fast` takes no value');
    expect(mistake('move reviews v3 50 --match a --match b')).toContain('`--match` is given twice');
    expect(mistake('move reviews v3 50 --times 101')).toContain('from 1 to 100');
    expect(usageOf(ask)).toBe(
      'ask [url] [--change <change>] [--verb <verb>] [--from <from>] [--header <header> …] [--share]',
    );
  });

  it('never reaches into objects', () => {
    for (const flag of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(mistake(`move reviews v3 50 --${flag} x`)).toContain('is not a flag');
      expect(mistake(flag)).toContain('is not a command');
    }
  });
});

describe('any text at all', () => {
  it('is read without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map(text => `move reviews v3 50 ${text}`),
        ),
        text => {
          expect(['command', 'mistake', 'empty']).toContain(parse(text, commands, vocabulary).kind);
        },
      ),
    );
  });

  it('is read back from a line that a form made, as the same text', () => {
    // What no quoting can carry is a mix of all kinds of quotes; forms are not typed that way.
    const text = fc.string({ minLength: 1 }).filter(each => each.trim() === each && each !== '' && !/["'`]/.test(each));
    fc.assert(
      fc.property(text, match => {
        const line = lineOf(move, { service: 'reviews', version: 'v3', percent: '50', match, fast: 'true' });
        expect(values(line)).toEqual({ service: 'reviews', version: 'v3', percent: 50, match, fast: true });
      }),
    );
  });
});

describe('words to the end of the line', () => {
  it('are one argument, whatever flags stand between them', () => {
    expect(values('note every weekday --tz Asia/Tokyo  9:00 in #mesh')).toEqual({
      what: 'every weekday 9:00 in #mesh',
      tz: 'Asia/Tokyo',
    });
    expect(values('note')).toEqual({});
  });

  it('are typed by the form as they were', () => {
    expect(lineOf(note, { what: 'every day 9:00', tz: 'UTC' })).toBe('note every day 9:00 --tz UTC');
    expect(usageOf(note)).toBe('note [what] [--tz <tz>] [--share]');
  });
});
