/** Small print as a context block. Data goes into plain_text; only people and times, checked, are markup. */
import type { ContextBlock, ContextBlockElement } from '@slack/types';
import { moment, type Part, type Phrase, type Span, plain as words } from '../../view.ts';
import { type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { LIMITS } from './limits.ts';
import { escapeMarkup, line, measures, plain } from './literal.ts';
import { isGroup, isLink, isPerson, valid } from './phrase.ts';

export function drawNote(part: Extract<Part, { kind: 'note' }>, room: number): Drawn {
  const most = largest(1, LIMITS.element, n => size(context(part.text, n)) <= room);
  const block = most === undefined ? undefined : context(part.text, most);
  return block === undefined || block.elements.length === 0 ? NOTHING : { blocks: [block] };
}

/** A note of our own making. */
export function note(text: string): ContextBlock {
  return { type: 'context', elements: [plain(text, LIMITS.element)] };
}

function context(phrase: Phrase, most: number): ContextBlock {
  const spans = merge(typeof phrase === 'string' ? [phrase] : phrase);
  const shown = spans.length <= LIMITS.context ? spans : [words(spans)];
  let left = most;
  const elements: ContextBlockElement[] = [];
  for (const span of shown) {
    const markup = typeof span === 'string' ? undefined : asMarkup(span);
    if (markup !== undefined) {
      elements.push({ type: 'mrkdwn', text: markup, verbatim: true });
      continue;
    }
    const text = measures(line(words([span])));
    if (text === '' || left <= 0) continue;
    const element = plain(text, left);
    left -= element.text.length;
    elements.push(element);
  }
  return { type: 'context', elements };
}

/** Neighbours that are only text become one element, for a context block holds ten. */
function merge(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    const text = typeof span !== 'string' && asMarkup(span) !== undefined ? undefined : words([span]);
    if (text !== undefined && typeof last === 'string') merged[merged.length - 1] = last + text;
    else merged.push(text ?? span);
  }
  return merged;
}

function asMarkup(span: Exclude<Span, string>): string | undefined {
  if ('person' in span && isPerson(span.person)) return `<@${span.person}>`;
  if ('group' in span && isGroup(span.group)) return `<!subteam^${span.group}>`;
  if ('time' in span && valid(span.time)) {
    return `<!date^${Math.floor(span.time / 1000)}^{date_short_pretty} at {time}|${moment(span.time)}>`;
  }
  if ('link' in span && isLink(span.link)) {
    const label = escapeMarkup(line(span.label)).replaceAll('|', '¦').slice(0, 200);
    return label === '' ? `<${escapeLink(span.link)}>` : `<${escapeLink(span.link)}|${label}>`;
  }
  return undefined;
}

function escapeLink(address: string): string {
  return address.replaceAll('&', '&amp;');
}
