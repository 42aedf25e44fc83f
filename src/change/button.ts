/** The value of a card's button: the change's name, and on Approve the beginning of the digest of the plan it was drawn for. */

/** Never part of a Kubernetes name. */
const MARK = '_';
const SHOWN = 16;

/** `shift-3f9a1c2b77_1d76c2e85580f620`. */
export function approveButton(change: string, digest: string): string {
  return `${change}${MARK}${digest.slice(0, SHOWN)}`;
}

export function readButton(value: string): { change: string; seen?: string } {
  const at = value.lastIndexOf(MARK);
  return at < 0 ? { change: value } : { change: value.slice(0, at), seen: value.slice(at + 1) };
}

/** Whether a button says this digest: all of the beginning that a button carries, not some of it. */
export function isBeginning(seen: string, digest: string): boolean {
  return seen.length === SHOWN && digest.startsWith(seen);
}
