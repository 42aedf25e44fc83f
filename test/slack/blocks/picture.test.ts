/** Pictures in blocks: Slack takes them whatever is written in them, and in words they say the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/object.ts';
import type { WaterfallHop } from '../../../src/picture/picture.ts';
import { validateBlocks } from '../../../src/sandbox/slack/blocks/validate.ts';
import { picturesIn } from '../../../src/slack/blocks/picture.ts';
import { render } from '../../../src/slack/blocks/render.ts';
import type { Part, View } from '../../../src/view.ts';

const text = fc.string({ unit: 'binary', maxLength: 3_000 });
const picture: fc.Arbitrary<Part> = fc.record({
  kind: fc.constant('picture' as const),
  title: text,
  alt: text,
  otherwise: text,
  picture: fc.record({
    kind: fc.constant('waterfall' as const),
    title: text,
    hops: fc.constant<WaterfallHop[]>([{ service: 'a', depth: 0, start: 0, took: 1 }]),
  }),
});
const view: fc.Arbitrary<View> = fc.record({ text, parts: fc.array(picture, { minLength: 1, maxLength: 60 }) });

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json;

describe('a picture in a message', () => {
  it('is taken by Slack, as a picture and as words, on every surface', () => {
    fc.assert(
      fc.property(view, shown => {
        for (const surface of ['message', 'view'] as const) {
          const plain = render(shown, { surface, files: false });
          expect(plain.pictures).toHaveLength(shown.parts.length);
          validateBlocks(asJson(plain.blocks));
          const pictures = new Map(plain.pictures.map(({ hash }) => [hash, `F${hash.toUpperCase()}`]));
          const hung = render(shown, { surface, files: false, pictures });
          validateBlocks(asJson(hung.blocks));
          for (const [hash, id] of picturesIn(hung.blocks)) expect(pictures.get(hash)).toBe(id);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is known again by what it shows, and by nothing else', () => {
    const shown = (took: number): View => ({
      text: 'x',
      parts: [
        {
          kind: 'picture',
          title: 'Trace',
          alt: 'a',
          otherwise: 'a',
          picture: { kind: 'waterfall', title: 't', hops: [{ service: 'a', depth: 0, start: 0, took }] },
        },
      ],
    });
    const hash = (took: number) => render(shown(took), { surface: 'message', files: false }).pictures[0]!.hash;
    expect(hash(1)).toBe(hash(1));
    expect(hash(1)).not.toBe(hash(2));
  });
});
