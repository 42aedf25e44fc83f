/** What a form holds: the verb and the values chosen so far, out of Slack's state of its inputs. */
import type { FormVerb } from '../../ports.ts';
import { CHANNEL, VALUE, VERB } from './ids.ts';
import { optionValue, readInputId } from './modal.ts';

/** The part of an element's state, or of an action on it, that holds its value. */
export interface ElementState {
  value?: string | null | undefined;
  selected_option?: { value?: string | undefined } | null | undefined;
  selected_conversation?: string | null | undefined;
}

export type State = Record<string, Record<string, ElementState>>;

export interface Filled {
  verb: string | undefined;
  /** By input; menus still as Slack's option values. */
  values: Record<string, string>;
}

export function readState(state: State): Filled {
  const values: Record<string, string> = {};
  let verb: string | undefined;
  for (const [block, elements] of Object.entries(state)) {
    for (const element of Object.values(elements)) {
      const value = textIn(element);
      if (value === '') continue;
      const name = readInputId(block);
      if (block === VERB) verb = value;
      else if (name !== undefined) values[name] = value;
    }
  }
  return { verb, values };
}

/** The channel that was chosen for a card. */
export function readChannel(state: State): string | undefined {
  const chosen: unknown = state[CHANNEL]?.[VALUE]?.selected_conversation;
  return typeof chosen === 'string' ? chosen : undefined;
}

/** Trimmed. '' for whatever else a payload may hold. */
function textIn({ selected_option: option, value }: ElementState): string {
  const text: unknown = option?.value ?? value;
  return typeof text === 'string' ? text.trim() : '';
}

/** The values that the form's inputs take, with menu values as the core named them; a choice that is gone is dropped. */
export function resolve(form: FormVerb, values: Record<string, string>): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const { name, shape } of form.inputs) {
    const value = values[name];
    if (value === undefined) continue;
    if (shape.kind !== 'menu') {
      resolved[name] = value;
      continue;
    }
    const choice = shape.choices.find(one => one.value === value || optionValue(one.value) === value);
    if (choice) resolved[name] = choice.value;
  }
  return resolved;
}

/** What is wrong with a value, for the person; undefined when nothing is. */
export function mistake(input: FormVerb['inputs'][number], value: string | undefined): string | undefined {
  if (value === undefined) return input.required ? 'This is needed.' : undefined;
  if (input.shape.kind !== 'number') return undefined;
  const { least, most } = input.shape;
  const number = Number(value);
  if (/^-?\d{1,15}$/.test(value) && number >= least && number <= most) return undefined;
  return `A whole number from ${least} to ${most}, please.`;
}
