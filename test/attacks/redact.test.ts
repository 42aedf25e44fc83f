/** Whoever writes an answer may write it so that looking for secrets in it would never end. Such a test runs out of time. */
import { describe, expect, it } from 'vitest';
import { redactText } from '../../commands/answers/redact.ts';

/** Characters of a body, at most. */
const MOST = 64 * 1024;
const filled = (piece: string): string => piece.repeat(Math.ceil(MOST / piece.length)).slice(0, MOST);

describe('secrets in answers that were written to be slow to read', () => {
  it.each([
    ['one long word', 'a'],
    ['spaces alone', ' '],
    ['beginnings of tokens', '-eyJ'],
    ['beginnings of keys', '-----BEGIN '],
    ['quotes that never close', 'token="\\"'],
    ['schemes without credentials', 'Bearer \n'],
  ])(
    'are found in %s',
    (_, piece) => {
      const shown = redactText(`${filled(piece)}" password=hunter2-and-more`);
      expect(shown).not.toContain('hunter2');
    },
    4_000,
  );

  it('are found under a name that is longer than any', () => {
    expect(redactText(`${'x'.repeat(500)}_token=hunter2`)).not.toContain('hunter2');
  });
});
