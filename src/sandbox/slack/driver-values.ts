/** Turns plain values into the action and state objects that Slack's client makes of each kind of element. */
import type { Json, JsonObject } from '../../object.ts';
import { elementsOf, everyBlock } from './blocks/walk.ts';
import { isObject, objectsIn, stringIn } from './json.ts';

/** What is typed or chosen in one input. */
export type InputValue = string | string[] | number;

type Value = InputValue | undefined;

/** The element's action, with what was chosen. */
export function actionOf(block: JsonObject, element: JsonObject, value: Value): JsonObject {
  const action: JsonObject = {
    type: element.type ?? '',
    action_id: element.action_id ?? '',
    block_id: block.block_id ?? '',
  };
  if (element.type === 'button' || element.type === 'icon_button') {
    const given = value ?? stringIn(element, 'value');
    if (given !== undefined) action.value = given;
    return action;
  }
  return { ...action, ...chosen(element, value) };
}

/** block_id → action_id → state, of all inputs; those not named keep what they began with. */
export function stateOf(blocks: JsonObject[], values: Record<string, Value>): JsonObject {
  const state: JsonObject = {};
  for (const block of everyBlock(blocks)) {
    for (const element of elementsOf(block)) {
      if (['button', 'overflow', 'icon_button', 'feedback_buttons'].includes(String(element.type))) continue;
      const blockId = stringIn(block, 'block_id') ?? '';
      const actionId = stringIn(element, 'action_id') ?? '';
      const value = values[actionId] ?? values[blockId];
      const inBlock = isObject(state[blockId]) ? state[blockId] : {};
      state[blockId] = { ...inBlock, [actionId]: { type: element.type ?? '', ...chosen(element, value) } };
    }
  }
  return state;
}

/** By kind of element: the field with the choice, and the field of the element with what it begins with. */
const SINGLE: Record<string, [string, string]> = {
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
  multi_users_select: ['selected_users', 'initial_users'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
};

function chosen(element: JsonObject, value: Value): JsonObject {
  const type = String(element.type);
  const single = SINGLE[type];
  if (single) return { [single[0]]: value ?? element[single[1]] ?? (type.startsWith('multi_') ? [] : null) };
  if (type === 'checkboxes' || type.startsWith('multi_')) {
    const picked = value === undefined ? element.initial_options : [value].flat().map(one => option(element, one));
    return { selected_options: picked ?? [] };
  }
  if (type === 'static_select' || type === 'external_select' || type === 'radio_buttons' || type === 'overflow') {
    const picked = value === undefined ? element.initial_option : option(element, [value].flat()[0] ?? '');
    return { selected_option: picked ?? null };
  }
  return { value: value === undefined ? (element.initial_value ?? null) : String(value) };
}

/** A menu that asks the app holds no options: any value can be chosen there. */
function option(element: JsonObject, value: string | number): Json {
  const groups = objectsIn(element.option_groups).flatMap(group => objectsIn(group.options));
  const all = [...objectsIn(element.options), ...groups];
  const found = all.find(one => one.value === String(value));
  if (found) return found;
  if (all.length > 0) throw new Error(`The menu ${String(element.action_id)} has no option ${value}.`);
  return { text: { type: 'plain_text', text: String(value) }, value: String(value) };
}
