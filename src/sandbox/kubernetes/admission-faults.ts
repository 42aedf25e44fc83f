/** What is wrong with an object, and how istiod's webhook puts it together. */

/** In the order in which istiod finds them. Those of an inner list it counts even where it is but one. */
export type Faults = (string | undefined | string[])[];

/** Everything that is wrong, as istiod puts it together; undefined where nothing is. */
export function wordsOf(faults: Faults): string | undefined {
  const said = faults.flat().filter(fault => fault !== undefined);
  const isCounted = faults.some(fault => Array.isArray(fault) && fault.length > 0);
  return said.length > 1 || isCounted ? listed(said) : said[0];
}

/** Several, or one that is counted. */
export function listed(faults: string[]): string {
  const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
  return `${count} occurred:\n${faults.map(fault => `\t* ${fault}\n`).join('')}\n`;
}
