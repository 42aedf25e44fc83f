/** Buttons, menus, pickers and inputs (docs.slack.dev, Block Kit: block elements). */
import type { JsonObject } from '../../../object.ts';
import {
  actionId,
  address,
  choiceOption,
  confirm,
  menuOption,
  optionGroup,
  optionsAgree,
  overflowOption,
  plainText,
  style,
} from './composition.ts';
import { richText } from './rich-text.ts';
import { also, type Check, flag, list, matching, object, oneOf, type Report, string, typed, whole } from './schema.ts';

const acting = { action_id: actionId, confirm };
const focusing = { ...acting, focus_on_load: flag };
const menu = { ...focusing, placeholder: plainText(150) };
const several = { ...menu, max_selected_items: whole(1, 100) };
const typing = {
  action_id: actionId,
  focus_on_load: flag,
  placeholder: plainText(150),
  dispatch_action_config: object(
    {},
    { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }) },
  ),
};

const person = matching(/^[UW][A-Z0-9]+$/, 'a user ID');
const conversation = matching(/^[CDG][A-Z0-9]+$/, 'a conversation ID');
const people = list(person, { min: 0 });
const conversations = list(conversation, { min: 0 });
const amount = matching(/^-?\d+(\.\d+)?$/, 'a number in a string');
const filter = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public')),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);

const options = { options: list(menuOption, { max: 100 }), option_groups: list(optionGroup, { max: 100 }) };

/** A menu with its own list has either options or groups of them. */
function listed(element: JsonObject, at: string, report: Report): void {
  if ((element.options === undefined) === (element.option_groups === undefined)) {
    report(at, 'must define either `options` or `option_groups`');
  }
  optionsAgree(element, at, report);
}

/** The least may not be above the most. */
function inOrder(least: string, most: string) {
  return (element: JsonObject, at: string, report: Report) => {
    const [low, high] = [element[least], element[most]];
    if (low !== undefined && high !== undefined && Number(low) > Number(high)) {
      report(at, `${least} cannot be greater than ${most}`);
    }
  };
}

export const button = typed(
  'button',
  { text: plainText(75) },
  { ...acting, url: address, value: string({ max: 2000 }), style, accessibility_label: string({ max: 75 }) },
);

const feedback = object(
  { text: plainText(75), value: string({ max: 2000 }) },
  { accessibility_label: string({ max: 75 }) },
);

/** By `type`. */
export const ELEMENTS: Record<string, Check> = {
  button,
  static_select: also(typed('static_select', {}, { ...menu, ...options, initial_option: menuOption }), listed),
  multi_static_select: also(
    typed('multi_static_select', {}, { ...several, ...options, initial_options: list(menuOption) }),
    listed,
  ),
  external_select: typed(
    'external_select',
    {},
    { ...menu, initial_option: menuOption, min_query_length: whole(0, 100) },
  ),
  multi_external_select: typed(
    'multi_external_select',
    {},
    { ...several, initial_options: list(menuOption), min_query_length: whole(0, 100) },
  ),
  users_select: typed('users_select', {}, { ...menu, initial_user: person }),
  multi_users_select: typed('multi_users_select', {}, { ...several, initial_users: people }),
  conversations_select: typed(
    'conversations_select',
    {},
    {
      ...menu,
      initial_conversation: conversation,
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter,
    },
  ),
  multi_conversations_select: typed(
    'multi_conversations_select',
    {},
    { ...several, initial_conversations: conversations, default_to_current_conversation: flag, filter },
  ),
  channels_select: typed('channels_select', {}, { ...menu, initial_channel: conversation, response_url_enabled: flag }),
  multi_channels_select: typed('multi_channels_select', {}, { ...several, initial_channels: conversations }),
  overflow: also(typed('overflow', { options: list(overflowOption, { max: 5 }) }, acting), optionsAgree),
  radio_buttons: also(
    typed('radio_buttons', { options: list(choiceOption, { max: 10 }) }, { ...focusing, initial_option: choiceOption }),
    optionsAgree,
  ),
  checkboxes: also(
    typed(
      'checkboxes',
      { options: list(choiceOption, { max: 10 }) },
      { ...focusing, initial_options: list(choiceOption) },
    ),
    optionsAgree,
  ),
  plain_text_input: also(
    typed(
      'plain_text_input',
      {},
      {
        ...typing,
        initial_value: string({ min: 0, max: 3000 }),
        multiline: flag,
        min_length: whole(0, 3000),
        max_length: whole(1, 3000),
      },
    ),
    inOrder('min_length', 'max_length'),
  ),
  number_input: also(
    typed(
      'number_input',
      { is_decimal_allowed: flag },
      { ...typing, initial_value: amount, min_value: amount, max_value: amount },
    ),
    inOrder('min_value', 'max_value'),
  ),
  email_text_input: typed('email_text_input', {}, { ...typing, initial_value: string() }),
  url_text_input: typed('url_text_input', {}, { ...typing, initial_value: address }),
  rich_text_input: typed(
    'rich_text_input',
    {},
    { ...typing, initial_value: richText, min_lines: whole(1, 100), max_lines: whole(1, 100) },
  ),
  file_input: typed('file_input', {}, { action_id: actionId, filetypes: list(string()), max_files: whole(1, 10) }),
  datepicker: typed(
    'datepicker',
    {},
    { ...menu, initial_date: matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date as YYYY-MM-DD') },
  ),
  timepicker: typed(
    'timepicker',
    {},
    { ...menu, initial_time: matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as HH:mm'), timezone: string() },
  ),
  datetimepicker: typed('datetimepicker', {}, { ...focusing, initial_date_time: whole(1_000_000_000, 9_999_999_999) }),
  feedback_buttons: typed(
    'feedback_buttons',
    { positive_button: feedback, negative_button: feedback },
    { action_id: actionId },
  ),
  icon_button: typed(
    'icon_button',
    { icon: oneOf('trash'), text: plainText(75) },
    { ...acting, value: string({ max: 2000 }), accessibility_label: string({ max: 75 }), visible_to_user_ids: people },
  ),
};
