/** rich_text and all that is in it. */
import { address, blockId } from './composition.ts';
import {
  byType,
  type Check,
  flag,
  list,
  matching,
  number,
  object,
  oneOf,
  pick,
  string,
  typed,
  whole,
} from './schema.ts';

const style = object({}, { bold: flag, italic: flag, strike: flag, underline: flag, code: flag });
const mention = object(
  {},
  { bold: flag, italic: flag, strike: flag, underline: flag, highlight: flag, client_highlight: flag, unlink: flag },
);

const INLINE: Record<string, Check> = {
  text: typed('text', { text: string() }, { style }),
  link: typed('link', { url: address }, { text: string(), unsafe: flag, style }),
  emoji: typed(
    'emoji',
    { name: matching(/^[a-z0-9_+'-]+$/, 'the name of an emoji') },
    { unicode: string(), url: address, style },
  ),
  user: typed('user', { user_id: matching(/^[UW][A-Z0-9]+$/, 'a user ID') }, { style: mention }),
  usergroup: typed('usergroup', { usergroup_id: matching(/^S[A-Z0-9]+$/, 'a user group ID') }, { style: mention }),
  channel: typed('channel', { channel_id: matching(/^[CDG][A-Z0-9]+$/, 'a conversation ID') }, { style: mention }),
  team: typed('team', { team_id: matching(/^T[A-Z0-9]+$/, 'a team ID') }, { style }),
  broadcast: typed('broadcast', { range: oneOf('here', 'channel', 'everyone') }, { style }),
  color: typed('color', { value: matching(/^#[0-9A-Fa-f]{6}$/, 'a colour as #RRGGBB') }, { style }),
  date: typed(
    'date',
    { timestamp: number, format: matching(/\{[a-z_]+\}/, 'a template with a date token') },
    { url: address, fallback: string(), style },
  ),
};

const inline = list(byType(INLINE), { min: 0 });
const border = oneOf(0, 1);
const section = typed('rich_text_section', { elements: inline });

const PARTS: Record<string, Check> = {
  rich_text_section: section,
  rich_text_list: typed(
    'rich_text_list',
    { elements: list(section), style: oneOf('bullet', 'ordered') },
    { indent: whole(0, 8), offset: whole(0, 10_000), border },
  ),
  rich_text_quote: typed('rich_text_quote', { elements: inline }, { border }),
  rich_text_preformatted: typed(
    'rich_text_preformatted',
    { elements: list(byType(pick(INLINE, 'text', 'link')), { min: 0 }) },
    { border },
  ),
};

export const richText = typed('rich_text', { elements: list(byType(PARTS)) }, { block_id: blockId });
