/** Verbs of one word or of two: `shift`, `gateway off`. Which one do the first words of a line name? */

/** `words`: how many of them are the verb. Two are tried before one. undefined: they name none. */
export function named(words: string[], verbs: Iterable<string>): { verb: string; words: number } | undefined {
  const known = new Set(verbs);
  for (const count of [2, 1]) {
    const verb = words.slice(0, count).join(' ').toLowerCase();
    if (words.length >= count && known.has(verb)) return { verb, words: count };
  }
  return undefined;
}

/** Verbs that begin with this word and need a second: those of `gateway`. */
export function groupOf(word: string, verbs: Iterable<string>): string[] {
  const lead = `${word.toLowerCase()} `;
  return [...verbs].filter(verb => verb.startsWith(lead));
}
