/** As much of protobuf's wire format as discovery needs. https://protobuf.dev/programming-guides/encoding/ */

/** A field that is bytes, text, or a message. */
export function field(number: number, value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** google.protobuf.Struct */
export function struct(values: Record<string, string | Record<string, string>>): Buffer {
  const entries = Object.entries(values).map(([key, value]) => {
    const told = typeof value === 'string' ? field(3, value) : field(5, struct(value));
    return field(1, Buffer.concat([field(1, key), field(2, told)]));
  });
  return Buffer.concat(entries);
}

/** The fields of a message that have a length, in order; all others are passed over. */
export function* fieldsOf(message: Buffer): Generator<{ number: number; value: Buffer }> {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = next();
    const kind = tag & 7;
    if (kind === 0) next();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else {
      const length = next();
      yield { number: tag >>> 3, value: message.subarray(at, at + length) };
      at += length;
    }
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) | 0x80);
  }
}
