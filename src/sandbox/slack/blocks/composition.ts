/** Text, confirm dialogs and options (docs.slack.dev, Block Kit: composition objects). */
import type { Json, JsonObject } from '../../../object.ts';
import { isObject, objectsIn } from '../json.ts';
import { also, byType, type Check, flag, list, object, oneOf, type Report, string, typed } from './schema.ts';

/** What Slack takes of any text object. */
const LONGEST = 3000;

export function plainText(max = LONGEST): Check {
  return typed('plain_text', { text: string({ max }) }, { emoji: flag });
}

function mrkdwn(max = LONGEST): Check {
  return typed('mrkdwn', { text: string({ max }) }, { verbatim: flag });
}

export function anyText(max = LONGEST): Check {
  return byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });
}

export const blockId = string({ max: 255 });
export const actionId = string({ max: 255 });
export const address: Check = (value, at, report) => {
  string({ max: 3000 })(value, at, report);
  if (typeof value === 'string' && !/^(https?|mailto|slack):/i.test(value)) report(at, 'must be a valid URL');
};
export const style = oneOf('primary', 'danger');

export const confirm = object(
  { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  { style },
);

const option = (text: Check, extra: Record<string, Check> = {}) =>
  object({ text, value: string({ max: 150 }) }, { description: plainText(75), ...extra });

export const menuOption = option(plainText(75));
/** Overflow menus alone may have links. */
export const overflowOption = option(plainText(75), { url: address });
/** Checkboxes and radio buttons. */
export const choiceOption = option(anyText(75));

export const optionGroup = object({ label: plainText(75), options: list(menuOption, { max: 100 }) });

export const image = also(
  typed('image', { alt_text: string({ max: 2000 }) }, { image_url: address, slack_file: slackFile }),
  eitherAddressOrFile,
);

export function slackFile(value: Json, at: string, report: Report): void {
  object({}, { id: string(), url: address })(value, at, report);
  if (isObject(value) && (value.id === undefined) === (value.url === undefined)) {
    report(at, 'must define either `id` or `url`');
  }
}

export function eitherAddressOrFile(value: JsonObject, at: string, report: Report): void {
  if ((value.image_url === undefined) === (value.slack_file === undefined)) {
    report(at, 'must define either `image_url` or `slack_file`');
  }
}

/** All options of a menu, those in groups included. */
function optionsOf(element: JsonObject): JsonObject[] {
  const groups = objectsIn(element.option_groups).flatMap(group => objectsIn(group.options));
  return [...objectsIn(element.options), ...groups];
}

/** Values are unique, and what is chosen at first is one of the options, exactly. */
export function optionsAgree(element: JsonObject, at: string, report: Report): void {
  const options = optionsOf(element);
  const values = options.map(one => one.value);
  if (new Set(values).size < values.length) report(at, 'options must have unique values');
  const known = new Set(options.map(one => JSON.stringify(sorted(one))));
  const initial = element.initial_option === undefined ? objectsIn(element.initial_options) : [element.initial_option];
  for (const one of initial) {
    if (!known.has(JSON.stringify(sorted(one)))) report(at, 'initial options must match one of the options exactly');
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(field => [field, sorted(value[field]!)]),
  );
}
