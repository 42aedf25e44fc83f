/** Reads rich_text elements into the page's own tree of formatted text. Pure. */
import type { JsonObject } from '../../../../object.ts';
import { asNumber, asObject, asObjects, asText } from '../json.ts';
import { emojiCharacter } from '../text/emoji.ts';
import { type Inline, safeUrl } from '../text/inline.ts';

/** The elements of a rich_text_section, quote or preformatted. */
export function readElements(elements: JsonObject[]): Inline[] {
  return elements.flatMap(element => styled(element, readElement(element)));
}

function lines(text: string): Inline[] {
  return text.split('\n').flatMap((line, index): Inline[] => {
    const own: Inline[] = line === '' ? [] : [{ kind: 'text', text: line }];
    return index === 0 ? own : [{ kind: 'break' }, ...own];
  });
}

function readElement(element: JsonObject): Inline[] {
  const text = asText(element.text);
  switch (asText(element.type)) {
    case 'text':
      return lines(text);
    case 'link': {
      const url = safeUrl(asText(element.url));
      const children: Inline[] = [{ kind: 'text', text: text || asText(element.url) }];
      return url === undefined ? children : [{ kind: 'link', url, children }];
    }
    case 'user':
      return [{ kind: 'user', id: asText(element.user_id) }];
    case 'usergroup':
      return [{ kind: 'group', id: asText(element.usergroup_id) }];
    case 'channel':
      return [{ kind: 'channel', id: asText(element.channel_id) }];
    case 'team':
      return [{ kind: 'text', text: asText(element.team_id) }];
    case 'broadcast':
      return [{ kind: 'broadcast', range: asText(element.range) }];
    case 'color':
      return [{ kind: 'color', value: asText(element.value) }];
    case 'emoji':
      return [readEmoji(element)];
    case 'date':
      return [readDate(element)];
    default:
      return text === '' ? [] : lines(text);
  }
}

function readEmoji(element: JsonObject): Inline {
  const name = asText(element.name);
  const points = asText(element.unicode).split('-').filter(Boolean);
  const codes = points.map(point => Number.parseInt(point, 16));
  const valid = codes.length > 0 && codes.every(code => code > 0 && code <= 0x10ffff);
  const character = emojiCharacter(name) ?? (valid ? String.fromCodePoint(...codes) : undefined);
  return { kind: 'emoji', name, ...(character === undefined ? {} : { character }) };
}

function readDate(element: JsonObject): Inline {
  const url = safeUrl(asText(element.url));
  return {
    kind: 'date',
    at: asNumber(element.timestamp) ?? Number.NaN,
    format: asText(element.format) || '{date}',
    fallback: asText(element.fallback),
    ...(url === undefined ? {} : { url }),
  };
}

function styled(element: JsonObject, nodes: Inline[]): Inline[] {
  const style = asObject(element.style);
  if (!style) return nodes;
  let result = nodes;
  if (style.code === true) {
    result = result.flatMap((node): Inline[] =>
      node.kind === 'text'
        ? [{ kind: 'code', text: node.text }]
        : node.kind === 'link'
          ? [
              {
                ...node,
                children: node.children.map(child =>
                  child.kind === 'text' ? { kind: 'code', text: child.text } : child,
                ),
              },
            ]
          : [node],
    );
  }
  for (const kind of ['strike', 'underline', 'italic', 'bold'] as const) {
    if (style[kind] === true) result = [{ kind, children: result }];
  }
  return result;
}

interface ListItem {
  content: Inline[];
  /** Lists one level deeper that hang on this item. */
  lists: ListTree[];
}

export interface ListTree {
  ordered: boolean;
  indent: number;
  /** The number of the first item. */
  start: number;
  items: ListItem[];
}

/**
 * Slack writes nested lists flat, as neighbours with an `indent`. Takes neighbouring rich_text_lists and gives them as
 * a tree: a list with a larger indent hangs on the item before it; one with the same indent and style goes on.
 */
export function nestLists(lists: JsonObject[]): ListTree[] {
  const top: ListTree[] = [];
  const open: ListTree[] = [];
  for (const list of lists) {
    const indent = asNumber(list.indent) ?? 0;
    const ordered = list.style === 'ordered';
    const items = asObjects(list.elements).map(item => ({
      content: readElements(asObjects(item.elements)),
      lists: [],
    }));
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) > indent) open.pop();
    const same = open.at(-1);
    if (same && same.indent === indent && same.ordered === ordered) {
      same.items.push(...items);
      continue;
    }
    if (same && same.indent === indent) open.pop();
    const tree: ListTree = { ordered, indent, start: (asNumber(list.offset) ?? 0) + 1, items };
    const parent = open.at(-1)?.items.at(-1);
    (parent ? parent.lists : top).push(tree);
    open.push(tree);
  }
  return top;
}
