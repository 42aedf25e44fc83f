/** What a menu offers, whatever feeds it: its own options, the app, people, or channels. */
import type { Json, JsonObject } from '../../../../object.ts';
import { asObjects, asText, textOf } from '../json.ts';
import { nameOf, userOf } from '../selectors.ts';
import type { PageState } from '../state.ts';

export interface MenuItem {
  /** Identifies it in this menu. */
  key: string;
  label: string;
  description: string;
  /** What the payload says when it is chosen: an option object, or an id. */
  value: Json;
}

export interface MenuGroup {
  label: string;
  items: MenuItem[];
}

function optionItem(option: JsonObject): MenuItem {
  return {
    key: asText(option.value),
    label: textOf(option.text),
    description: textOf(option.description),
    value: option,
  };
}

/** `option_groups` where there are some, else one group without a name. Reads elements and replies of the app alike. */
export function optionGroups(of: JsonObject): MenuGroup[] {
  const groups = asObjects(of.option_groups);
  if (groups.length === 0) return [{ label: '', items: asObjects(of.options).map(optionItem) }];
  return groups.map(group => ({
    label: textOf(group.label),
    items: asObjects(group.options).map(optionItem),
  }));
}

/** The kind of thing a select element chooses: `multi_users_select` chooses users. */
export function sourceOf(type: string): 'options' | 'external' | 'users' | 'conversations' | 'channels' {
  if (type.includes('external')) return 'external';
  if (type.includes('users')) return 'users';
  if (type.includes('conversations')) return 'conversations';
  return type.includes('channels') ? 'channels' : 'options';
}

const KINDS = { channel: 'public', private: 'private', im: 'im' } as const;

/** `filter` is that of a conversations_select; only its `include` is looked at. */
export function livingItems(
  source: 'users' | 'conversations' | 'channels',
  state: PageState,
  filter?: JsonObject,
): MenuItem[] {
  if (source === 'users') {
    return state.people.map(user => ({ key: user.id, label: nameOf(user), description: user.title, value: user.id }));
  }
  const include = Array.isArray(filter?.include) ? filter.include : undefined;
  return state.channels
    .filter(channel => !channel.archived && (source === 'conversations' || channel.kind === 'channel'))
    .filter(channel => include?.includes(KINDS[channel.kind]) ?? true)
    .map(channel => ({
      key: channel.id,
      label: channel.kind === 'im' ? state.app.name : `# ${channel.name}`,
      description: '',
      value: channel.id,
    }));
}

/** The item that stands for a chosen value. */
export function itemOf(value: Json, source: ReturnType<typeof sourceOf>, state: PageState): MenuItem | undefined {
  if (typeof value === 'string') {
    if (source === 'users') return { key: value, label: nameOf(userOf(state, value)), description: '', value };
    const known = livingItems('conversations', state).find(item => item.key === value);
    return known ?? { key: value, label: value, description: '', value };
  }
  const [option] = asObjects([value]);
  return option ? optionItem(option) : undefined;
}

/** Items whose label or description holds every word of `query`. */
export function matching(groups: MenuGroup[], query: string): MenuGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item: MenuItem) => {
    const text = `${item.label} ${item.description}`.toLowerCase();
    return words.every(word => text.includes(word));
  };
  return groups.map(group => ({ ...group, items: group.items.filter(fits) })).filter(group => group.items.length > 0);
}
