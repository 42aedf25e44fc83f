/**
 * What people are shown, before any chat draws it. The core speaks in these parts; `slack/` turns them into blocks.
 * Text is a list of spans, never markup, so a name read from the cluster cannot become a link or a mention.
 */
import type { Picture } from './picture/picture.ts';

export type Span =
  | string
  | { code: string }
  | { bold: string }
  | { italic: string }
  | { link: string; label: string }
  /** A person, by id; drawn as a mention that does not notify in a card that is only edited. */
  | { person: string }
  | { group: string }
  /** A channel, by id. */
  | { channel: string }
  /** A moment, epoch ms; drawn in each reader's own time zone. */
  | { time: number };

export type Phrase = string | Span[];

/** The phrase without any marks, where only a string will do. People become their ids, moments a time in UTC. */
export function plain(phrase: Phrase): string {
  return typeof phrase === 'string' ? phrase : phrase.map(plainSpan).join('');
}

function plainSpan(span: Span): string {
  if (typeof span === 'string') return span;
  if ('code' in span) return span.code;
  if ('bold' in span) return span.bold;
  if ('italic' in span) return span.italic;
  if ('link' in span) return span.label === '' ? span.link : span.label;
  if ('person' in span) return `@${span.person}`;
  if ('group' in span) return `@${span.group}`;
  if ('channel' in span) return `#${span.channel}`;
  return moment(span.time);
}

/** Minutes are enough: `2026-01-31 14:05 UTC`. */
export function moment(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return 'an unknown time';
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Drawn as a button. `id` says which listener takes it, `value` is an id and never authority (Slack: values can be forged). */
export interface ActionButton {
  id: string;
  label: string;
  value: string;
  style?: 'primary' | 'danger';
  confirm?: { title: string; text: string; yes: string; no: string };
}

export interface Choice {
  value: string;
  label: string;
}

export interface Bar {
  label: string;
  value: number;
}

export type Part =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: Phrase }
  /** Small print under the rest. */
  | { kind: 'note'; text: Phrase }
  | { kind: 'fields'; fields: { name: string; value: Phrase }[] }
  | { kind: 'bullets'; items: Phrase[] }
  | { kind: 'table'; columns: { title: string; align?: 'left' | 'right' }[]; rows: Phrase[][] }
  /** Shown as it is. What does not fit is cut, and the whole goes into a file named `file`. */
  | { kind: 'code'; language: 'yaml' | 'diff' | 'json' | 'http' | 'text'; text: string; title?: string; file?: string }
  | { kind: 'bars'; title: string; unit: string; series: { name: string; bars: Bar[] }[] }
  /** A picture, drawn by `picture/`. `alt` says all of it in words; `otherwise` is shown where there is no picture. */
  | { kind: 'picture'; title: string; alt: string; picture: Picture; otherwise: string }
  | { kind: 'lines'; title: string; unit: string; series: { name: string; points: { at: number; value: number }[] }[] }
  /** Progress of work in steps. */
  | { kind: 'steps'; steps: { title: string; state: 'pending' | 'running' | 'done' | 'failed'; detail?: Phrase }[] }
  | { kind: 'choice'; id: string; prompt: Phrase; placeholder: string; value: string; choices: Choice[] }
  | { kind: 'actions'; actions: ActionButton[] }
  | { kind: 'divider' };

/** One message. `text` alone must say what matters: notifications and screen readers have only that. */
export interface View {
  text: string;
  parts: Part[];
}
