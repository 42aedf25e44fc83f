/** Cuts a stream of bytes into lines, each handed out as soon as it is whole. */

const NEWLINE = 0x0a;

/** `heard` is called for every piece that arrives, whole line or not. What comes after the last newline is dropped. */
export async function* lines(body: AsyncIterable<Buffer>, heard: () => void): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const piece of body) {
    heard();
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, from)) {
      const rest = piece.subarray(from, end);
      const line = begun.length === 0 ? rest.toString() : Buffer.concat([...begun, rest]).toString();
      begun = [];
      from = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
}
