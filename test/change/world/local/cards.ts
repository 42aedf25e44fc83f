/** Cards as people see them in Slack: what is on them to click, and which plan they show. */
import type { PageMessage } from '../../../../src/sandbox/slack/page-protocol.ts';
import { readActionId } from '../../../../src/slack/blocks/ids.ts';

/** A person who looks at a card. */
export interface Looked {
  user: string;
  change: string;
  /** The beginning of the digest that its foot names. */
  digest: string | undefined;
}

const FOOT = /^([a-z]+-[0-9a-f]{10})(?: · plan \d+, ([0-9a-f]{12}))?$/;

/** By the blocks they are in: a message that is edited gets others, and one that is not is looked at many times. */
const found = new WeakMap<object, ReadonlyMap<string, string>>();
const NONE: ReadonlyMap<string, string> = new Map();

/** Action ids by what they mean; a card has each at most once. */
export function buttonsOf({ blocks }: PageMessage): ReadonlyMap<string, string> {
  if (!blocks) return NONE;
  const known = found.get(blocks) ?? buttonsIn(blocks);
  found.set(blocks, known);
  return known;
}

function buttonsIn(blocks: NonNullable<PageMessage['blocks']>): ReadonlyMap<string, string> {
  const elements = blocks.flatMap(block => [block.accessory, ...asList(block.elements)]);
  const ids = elements.flatMap(element =>
    typeof element === 'object' && element !== null && 'action_id' in element ? String(element.action_id) : [],
  );
  return new Map(ids.map(id => [readActionId(id), id]));
}

/** The options of its menu, by value. */
export function optionsOf(message: PageMessage): string[] {
  const menus = (message.blocks ?? []).flatMap(block => [block.accessory, ...asList(block.elements)]);
  return menus.flatMap(menu => {
    const options = typeof menu === 'object' && menu !== null && 'options' in menu ? menu.options : [];
    return asList(options).map(option => String((option as { value?: unknown }).value));
  });
}

/** By the card's foot. */
export function lookedAt(message: PageMessage, user: string): Looked {
  const notes = (message.blocks ?? []).filter(({ type }) => type === 'context').flatMap(note => asList(note.elements));
  const texts = notes.map(note => String((note as { text?: unknown }).text));
  const foot = texts.map(text => FOOT.exec(text)).find(found => found !== null);
  return { user, change: foot?.[1] ?? '', digest: foot?.[2] };
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
