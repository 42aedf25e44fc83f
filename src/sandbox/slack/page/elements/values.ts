/**
 * What inputs hold: `state.values` of Block Kit payloads, block_id → action_id → value, made from the blocks and from
 * what the person has entered. Pure. Shapes from "block_actions payload" (docs.slack.dev).
 */
import type { Json, JsonObject } from '../../../../object.ts';
import { asObject, asObjects, asText } from '../json.ts';

/** What was entered, by `inputKey`. `initial` is what the element began with, to notice when the app replaced it. */
export type Entered = Record<string, { value: JsonObject; initial: string }>;

export function inputKey(blockId: string, actionId: string): string {
  return `${blockId}\u0000${actionId}`;
}

/** For each element that holds a value: the field of its value, and the field that it begins with. */
const fields: Record<string, { field: string; initial: string; many?: true }> = {
  plain_text_input: { field: 'value', initial: 'initial_value' },
  number_input: { field: 'value', initial: 'initial_value' },
  email_text_input: { field: 'value', initial: 'initial_value' },
  url_text_input: { field: 'value', initial: 'initial_value' },
  rich_text_input: { field: 'rich_text_value', initial: 'initial_value' },
  static_select: { field: 'selected_option', initial: 'initial_option' },
  external_select: { field: 'selected_option', initial: 'initial_option' },
  users_select: { field: 'selected_user', initial: 'initial_user' },
  conversations_select: { field: 'selected_conversation', initial: 'initial_conversation' },
  channels_select: { field: 'selected_channel', initial: 'initial_channel' },
  multi_static_select: { field: 'selected_options', initial: 'initial_options', many: true },
  multi_external_select: { field: 'selected_options', initial: 'initial_options', many: true },
  multi_users_select: { field: 'selected_users', initial: 'initial_users', many: true },
  multi_conversations_select: { field: 'selected_conversations', initial: 'initial_conversations', many: true },
  multi_channels_select: { field: 'selected_channels', initial: 'initial_channels', many: true },
  radio_buttons: { field: 'selected_option', initial: 'initial_option' },
  checkboxes: { field: 'selected_options', initial: 'initial_options', many: true },
  datepicker: { field: 'selected_date', initial: 'initial_date' },
  timepicker: { field: 'selected_time', initial: 'initial_time' },
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time' },
};

/** The field of the value: 'selected_option', 'value', … undefined for elements that hold none, such as buttons. */
export function valueField(type: string): string | undefined {
  return Object.hasOwn(fields, type) ? fields[type]?.field : undefined;
}

/** `{type, value}` or `{type, selected_option}` and so on, as the element begins. */
export function initialValue(element: JsonObject): JsonObject {
  const type = asText(element.type);
  const shape = fields[type];
  if (!shape) return { type };
  return { type, [shape.field]: element[shape.initial] ?? (shape.many ? [] : null) };
}

/** What the element holds now. In a view, what was entered outlives a changed beginning; in a message it does not. */
export function currentValue(element: JsonObject, blockId: string, entered: Entered, inView: boolean): JsonObject {
  const initial = initialValue(element);
  const own = entered[inputKey(blockId, asText(element.action_id))];
  if (!own || asText(own.value.type) !== initial.type) return initial;
  return inView || own.initial === JSON.stringify(initial) ? own.value : initial;
}

interface Held {
  blockId: string;
  element: JsonObject;
  /** The input block around it, if it is one. */
  input?: JsonObject;
}

/** Every element with a value, in the order drawn. */
function heldBy(blocks: JsonObject[]): Held[] {
  return blocks.flatMap(block => {
    const blockId = asText(block.block_id);
    const element = asObject(block.element);
    const accessory = asObject(block.accessory);
    const found: Held[] = [
      ...(block.type === 'input' && element ? [{ blockId, element, input: block }] : []),
      ...(accessory ? [{ blockId, element: accessory }] : []),
      ...(block.type === 'actions' ? asObjects(block.elements).map(one => ({ blockId, element: one })) : []),
    ].filter(held => valueField(asText(held.element.type)) !== undefined);
    return [...found, ...heldBy(asObjects(block.child_blocks))];
  });
}

/** block_id → action_id → element state, as the page's protocol sends it. */
export function stateValues(blocks: JsonObject[], entered: Entered, inView: boolean): JsonObject {
  const values: { [block: string]: JsonObject } = {};
  for (const { blockId, element } of heldBy(blocks)) {
    const held = values[blockId] ?? {};
    held[asText(element.action_id)] = currentValue(element, blockId, entered, inView);
    values[blockId] = held;
  }
  return values;
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What keeps the form from being sent, by block id: the checks that Slack's client makes by itself. */
export function complaints(blocks: JsonObject[], entered: Entered): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { blockId, element, input } of heldBy(blocks)) {
    if (!input) continue;
    const type = asText(element.type);
    const value = currentValue(element, blockId, entered, true)[valueField(type) ?? ''];
    const complaint = isEmpty(value)
      ? input.optional === true
        ? undefined
        : 'Please complete this required field.'
      : complaintAbout(type, element, asText(value));
    if (complaint !== undefined) found[blockId] = complaint;
  }
  return found;
}

function complaintAbout(type: string, element: JsonObject, value: string): string | undefined {
  const limit = (name: string) => (element[name] === undefined ? undefined : Number(element[name]));
  if (type === 'plain_text_input') {
    const least = limit('min_length');
    const most = limit('max_length');
    if (least !== undefined && value.length < least) return `Please enter at least ${least} characters.`;
    if (most !== undefined && value.length > most) return `Please enter at most ${most} characters.`;
  }
  if (type === 'number_input') {
    const number = Number(value);
    const least = limit('min_value');
    const most = limit('max_value');
    if (!Number.isFinite(number)) return 'Please enter a number.';
    if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
    if (least !== undefined && number < least) return `Please enter a number that is at least ${least}.`;
    if (most !== undefined && number > most) return `Please enter a number that is at most ${most}.`;
  }
  if (type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(value)) return 'Please enter an email address.';
  if (type === 'url_text_input' && !URL.canParse(value)) return 'Please enter a valid URL.';
  return undefined;
}

/** The action object of a payload: what was done to which element. `at` is ms since the epoch. */
export function actionObject(element: JsonObject, blockId: string, what: JsonObject, at: number): JsonObject {
  const micros = `${Math.floor(at / 1000)}.${String((at % 1000) * 1000).padStart(6, '0')}`;
  return {
    type: asText(element.type),
    action_id: asText(element.action_id),
    block_id: blockId,
    ...what,
    action_ts: micros,
  };
}
