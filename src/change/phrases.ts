/** Small turns of phrase that cards, receipts and whispers share. */
import type { ObjectRef } from '../object.ts';
import type { Phrase, Span } from '../view.ts';
import type { Who } from './policy.ts';

export { percent } from '../istio/percent.ts';

/** The phrase as spans, to be put into a longer one. */
export function spans(phrase: Phrase): Span[] {
  return typeof phrase === 'string' ? [phrase] : phrase;
}

export { plain } from '../view.ts';

/** `a, b and c`, with each item's own spans. */
function listed(items: Phrase[], last = ' and '): Span[] {
  return items.flatMap((item, index) => {
    const glue = index === 0 ? [] : [index === items.length - 1 ? last : ', '];
    return [...glue, ...spans(item)];
  });
}

/** Whom a rule names. */
export function whoIs(who: Who): Span[] {
  if (who.everyone) return ['any member of the workspace'];
  const named: Phrase[] = [...who.groups.map(group => [{ group }]), ...who.users.map(person => [{ person }])];
  return named.length > 0 ? listed(named, ' or ') : ['nobody: the policy names none'];
}

/** `VirtualService default/reviews`. */
export function objectName(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** `VirtualService default/reviews: …`, once, though the message may name the object itself. */
export function aboutObject(ref: ObjectRef, message: string): string {
  const name = objectName(ref);
  return message.startsWith(name) ? message : `${name}: ${message}`;
}

/** A rate as people read it: `1,240`, `3.4`, `0.36`. */
export function perSecond(rate: number): string {
  if (rate >= 10) return Math.round(rate).toLocaleString('en-US');
  return rate >= 1 ? rate.toFixed(1).replace(/\.0$/, '') : `${Number(rate.toPrecision(2))}`;
}

/** Ends with exactly one full stop (or its own mark). */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
