/** A phrase as rich text elements: the only markup is ours, and what is data stays data. */
import type { RichTextElement, RichTextSection } from '@slack/types';
import { moment, type Phrase, type Span } from '../../view.ts';
import { LIMITS } from './limits.ts';
import { cut, literal, measures } from './literal.ts';

const PERSON = /^[UW][A-Z0-9]{2,20}$/;
const CHANNEL = /^[CDG][A-Z0-9]{2,20}$/;
const GROUP = /^S[A-Z0-9]{2,20}$/;
/** Last moment that Date knows. */
const LATEST = 8.64e15;

/** Whether Slack can draw it: seconds since 1970, in this millennium or the next. */
export function valid(time: number): boolean {
  return Number.isFinite(time) && time >= 0 && time <= LATEST / 100;
}

export function isPerson(id: string): boolean {
  return PERSON.test(id);
}

export function isGroup(id: string): boolean {
  return GROUP.test(id);
}

/** An address that may be clicked. */
export function isLink(address: string): boolean {
  return address.length <= LIMITS.url && /^https?:\/\/[^\s<>|]+$/.test(address) && literal(address) === address;
}

/** The elements of a phrase, cut to `most` characters of text. */
export function elements(phrase: Phrase, most: number): RichTextElement[] {
  const found: RichTextElement[] = [];
  let left = most;
  for (const span of typeof phrase === 'string' ? [phrase] : phrase) {
    if (left <= 0) break;
    const element = draw(span, Math.min(left, LIMITS.element));
    if (element === undefined) continue;
    left -= 'text' in element && element.text !== undefined ? element.text.length : 12;
    found.push(element);
  }
  return found;
}

function draw(span: Span, most: number): RichTextElement | undefined {
  if (typeof span === 'string') return text(span, most);
  if ('code' in span) return text(span.code, most, { code: true });
  if ('bold' in span) return text(span.bold, most, { bold: true });
  if ('italic' in span) return text(span.italic, most, { italic: true });
  if ('link' in span) {
    if (!isLink(span.link)) return text(span.label === '' ? span.link : `${span.label} (${span.link})`, most);
    return { type: 'link', url: span.link, text: cut(literal(span.label), most) || span.link };
  }
  if ('person' in span)
    return isPerson(span.person) ? { type: 'user', user_id: span.person } : text(`@${span.person}`, most);
  if ('group' in span) {
    return isGroup(span.group) ? { type: 'usergroup', usergroup_id: span.group } : text(`@${span.group}`, most);
  }
  if ('channel' in span) {
    return CHANNEL.test(span.channel) ? { type: 'channel', channel_id: span.channel } : text(`#${span.channel}`, most);
  }
  if (!valid(span.time)) return text(moment(span.time), most);
  return {
    type: 'date',
    timestamp: Math.floor(span.time / 1000),
    format: '{date_short_pretty} at {time}',
    fallback: moment(span.time),
  };
}

function text(
  value: string,
  most: number,
  style?: { code?: true; bold?: true; italic?: true },
): RichTextElement | undefined {
  const shown = cut(style?.code ? literal(value) : measures(literal(value)), most);
  if (shown === '') return undefined;
  return { type: 'text', text: shown, ...(style && { style }) };
}

/** A section of rich text; undefined when there is nothing to show. */
export function section(phrase: Phrase, most: number = LIMITS.element): RichTextSection | undefined {
  const inside = elements(phrase, most);
  return inside.length === 0 ? undefined : { type: 'rich_text_section', elements: inside };
}
