/** The readable beginning of a body: at most 64 KiB, unpacked where it is packed, whatever it would unpack to. */
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Bytes. */
export const MOST = 64 * 1_024;

export interface Read {
  body: string;
  truncated: boolean;
}

/** Stops listening once there is enough; ends `source` early then. */
export async function readBody(source: AsyncIterable<Buffer>, encoding: string | undefined): Promise<Read> {
  const packed = await upTo(source, MOST);
  const unpacked = await unpack(packed.bytes, encoding);
  if (unpacked === undefined) return { body: text(packed.bytes), truncated: packed.more };
  return { body: text(unpacked.bytes), truncated: packed.more || unpacked.more };
}

interface Bytes {
  bytes: Buffer;
  more: boolean;
}

async function upTo(source: AsyncIterable<Buffer>, most: number): Promise<Bytes> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of source) {
    pieces.push(piece);
    size += piece.length;
    if (size > most) break;
  }
  return { bytes: Buffer.concat(pieces).subarray(0, most), more: size > most };
}

/** undefined: it is not packed, or not in a way that is known. A bomb is cut like anything else. */
async function unpack(bytes: Buffer, encoding: string | undefined): Promise<Bytes | undefined> {
  const unpacker = unpackerFor(encoding?.trim().toLowerCase());
  if (!unpacker || bytes.length === 0) return undefined;
  unpacker.end(bytes);
  try {
    return await upTo(unpacker, MOST);
  } catch {
    return undefined;
  } finally {
    unpacker.destroy();
  }
}

/** The end may be missing, because the rest was not read: what came is given out all the same. */
function unpackerFor(encoding: string | undefined) {
  const finishFlush = constants.Z_SYNC_FLUSH;
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip({ finishFlush });
    case 'deflate':
      return createInflate({ finishFlush });
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}

function text(bytes: Buffer): string {
  // A character that was cut in two is dropped.
  return new TextDecoder().decode(bytes, { stream: true });
}
