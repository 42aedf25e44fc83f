/** What Slack's client holds against a filled form before it is sent: what is missing, too short, too long, no number. */
import type { JsonObject } from '../../../object.ts';
import { isObject, stringIn } from '../json.ts';

/** By block_id. Empty: it may be sent. */
export function problemsWithInputs(blocks: JsonObject[], state: JsonObject): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const block of blocks) {
    const element = block.element;
    if (block.type !== 'input' || !isObject(element)) continue;
    const blockId = stringIn(block, 'block_id') ?? '';
    const filled = state[blockId];
    const value = isObject(filled) ? filled[stringIn(element, 'action_id') ?? ''] : undefined;
    const problem = problemWith(element, isObject(value) ? value : {}, block.optional === true);
    if (problem) problems[blockId] = problem;
  }
  return problems;
}

/** The fields in which elements keep what was chosen. */
const CHOSEN = [
  'value',
  'selected_option',
  'selected_options',
  'selected_user',
  'selected_users',
  'selected_conversation',
  'selected_conversations',
  'selected_channel',
  'selected_channels',
  'selected_date',
  'selected_time',
  'selected_date_time',
  'rich_text_value',
];

function problemWith(element: JsonObject, value: JsonObject, optional: boolean): string | undefined {
  const isChosen = (field: string) => {
    const chosen = value[field];
    return chosen !== undefined && chosen !== null && chosen !== '' && !(Array.isArray(chosen) && chosen.length === 0);
  };
  if (!CHOSEN.some(isChosen)) return optional ? undefined : 'Please complete this required field.';
  const text = stringIn(value, 'value') ?? '';
  if (element.type === 'plain_text_input') {
    const { min_length: least, max_length: most } = element;
    if (typeof least === 'number' && text.length < least) return `At least ${least} characters are needed.`;
    if (text.length > (typeof most === 'number' ? most : 3000)) return 'That is too long.';
  }
  if (element.type === 'number_input') return problemWithNumber(element, text);
  return undefined;
}

function problemWithNumber(element: JsonObject, text: string): string | undefined {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) return 'Please enter a number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  const { min_value: least, max_value: most } = element;
  if (typeof least === 'string' && number < Number(least)) return `Please enter a number of at least ${least}.`;
  if (typeof most === 'string' && number > Number(most)) return `Please enter a number of at most ${most}.`;
  return undefined;
}
