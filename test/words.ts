/** What a message says to its reader: spaces that hold a number and its unit together are spaces. */
export function wordsOf(blocks: unknown): string {
  return (JSON.stringify(blocks) ?? '').replaceAll('\u00A0', ' ');
}
