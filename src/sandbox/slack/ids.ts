/** Makes ids and secrets: random, in the shape Slack gives them. */
import { randomBytes } from 'node:crypto';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

/** `newId('V')` → 'V7QK2M0Z4TB'. */
export function newId(prefix: string, length = 10): string {
  let id = prefix;
  for (const byte of randomBytes(length)) id += LETTERS[byte % LETTERS.length];
  return id;
}

/** Lower-case hex. */
export function secret(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
