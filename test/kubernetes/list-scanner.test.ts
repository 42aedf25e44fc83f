import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListScanner } from '../../src/kubernetes/list-scanner.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Cuts text into pieces of the given lengths, in turn. */
function read(text: string, lengths: number[]): { items: unknown[]; rest: unknown } {
  const bytes = Buffer.from(text);
  const scanner = new ListScanner();
  const items: unknown[] = [];
  let turn = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = lengths[turn++ % lengths.length]!;
    items.push(...scanner.feed(bytes.subarray(at, at + length)).map(item => JSON.parse(item)));
    at += length;
  }
  return { items, rest: JSON.parse(scanner.rest()) };
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\', '"', '\\"', '}', ']', 'items', 'metadata'));
/** V8's JSON.parse itself takes one escaped key for another now and then, so that keys have nothing to escape. */
const plain = fc.string({ unit: 'grapheme' }).filter(text => JSON.stringify(text) === `"${text}"`);
const key = fc.oneof(plain, fc.constantFrom('items', 'metadata', 'annotations', 'managedFields', LAST_APPLIED));
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const metadata = fc.record(
  {
    name: text,
    annotations: fc.dictionary(fc.oneof(plain, fc.constant(LAST_APPLIED)), text, { maxKeys: 3 }),
    managedFields: fc.array(value, { maxLength: 3 }),
    labels: fc.dictionary(key, text, { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);
const item = fc.record({ metadata, spec: value, annotations: value, managedFields: value }, { requiredKeys: [] });

/** What is meant to be left of an item, said the slow way. */
function lean(item: object): object {
  const copy = structuredClone(item) as {
    metadata?: { managedFields?: unknown; annotations?: Record<string, string> };
  };
  delete copy.metadata?.managedFields;
  const annotations = copy.metadata?.annotations;
  if (annotations) delete annotations[LAST_APPLIED];
  return copy;
}

describe('the scanner of lists', () => {
  it('finds the items of any list, cut into any pieces, and leaves out only what nobody reads', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
    const around = fc.record({ resourceVersion: fc.constant('7'), continue: text });
    fc.assert(
      fc.property(
        fc.array(item),
        around,
        fc.boolean(),
        lengths,
        fc.nat(2),
        (items, metadata, first, lengths, indent) => {
          const list = first ? { kind: 'List', metadata, items } : { items, kind: 'List', metadata };
          const written = JSON.parse(JSON.stringify(list)) as typeof list;
          expect(read(JSON.stringify(list, null, indent), lengths)).toEqual({
            items: written.items.map(lean),
            rest: { ...written, items: [] },
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps a field of that name where it is not the metadata’s', () => {
    const items = [{ spec: { managedFields: [1], annotations: { [LAST_APPLIED]: 'x' } } }];
    expect(read(JSON.stringify({ items }), [1_000]).items).toEqual(items);
  });
});
