/** The form as a modal: a menu of verbs, and the inputs of the one that is chosen. */
import { createHash } from 'node:crypto';
import type { Block, InputBlock, InputBlockElement, ModalView, PlainTextOption } from '@slack/types';
import type { Desk, FormVerb, Place } from '../../ports.ts';
import { LIMITS } from '../blocks/limits.ts';
import { plain } from '../blocks/literal.ts';
import { note } from '../blocks/note.ts';
import { CHANNEL, FORM, VALUE, VERB } from './ids.ts';
import { type FormMetadata, writeMetadata } from './metadata.ts';

type Input = FormVerb['inputs'][number];
export type Choice = { value: string; label: string };

/** Slack holds this many characters of an option's value; a longer value goes by its hash. */
const OPTION_VALUE = LIMITS.option;

export function optionValue(value: string): string {
  return value.length <= OPTION_VALUE ? value : `~${createHash('sha256').update(value).digest('hex').slice(0, 40)}`;
}

/** The choices that a search finds, as many as a menu shows. */
export function options(choices: Choice[], search = ''): PlainTextOption[] {
  const wanted = search.toLowerCase();
  /** Slack refuses a menu with one value twice. */
  return [...new Map(choices.map(choice => [choice.value, choice])).values()]
    .filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(wanted))
    .slice(0, LIMITS.options)
    .map(option);
}

function option({ value, label }: Choice): PlainTextOption {
  return { text: plain(label, LIMITS.option), value: optionValue(value) };
}

/** `verb.inputs` of a form, each in a block of its own. The block's id holds the input's name. */
export function formModal(form: ReturnType<Desk['form']>, metadata: FormMetadata): ModalView {
  const verbs = form.verbs.map(({ verb, summary }) => ({ value: verb, label: `${verb} – ${summary}` }));
  const chosen = verbs.find(({ value }) => value === form.form?.verb);
  const verb: InputBlock = {
    type: 'input',
    block_id: VERB,
    dispatch_action: true,
    label: plain('What do you want to do?', 200),
    element: {
      type: 'static_select',
      action_id: VERB,
      focus_on_load: true,
      placeholder: plain('Choose', LIMITS.placeholder),
      options: options(verbs),
      ...(chosen && { initial_option: option(chosen) }),
    },
  };
  const inputs = (form.form?.inputs ?? []).flatMap(input => inputBlocks(input, metadata.chosen[input.name]));
  return {
    type: 'modal',
    callback_id: FORM,
    private_metadata: writeMetadata({ ...metadata, ...(form.form && { verb: form.form.verb }) }),
    title: plain('Ask the mesh', LIMITS.modalTitle),
    close: plain('Cancel', LIMITS.modalTitle),
    submit: plain('Ask', LIMITS.modalTitle),
    blocks: [verb, ...(asksForChannel(form.form, metadata.place) ? [channelInput()] : []), ...inputs],
  };
}

/** In direct messages nobody but the asker would see the card. Their ids begin with D (docs.slack.dev: conversation). */
export function asksForChannel(form: FormVerb | undefined, { channel }: Place): boolean {
  return form?.change === true && channel.startsWith('D');
}

function channelInput(): InputBlock {
  return {
    type: 'input',
    block_id: CHANNEL,
    label: plain('Channel', 200),
    hint: plain('The card goes there, for others to approve. meshbot has to be in it.', 200),
    element: {
      type: 'conversations_select',
      action_id: VALUE,
      placeholder: plain('Choose', LIMITS.placeholder),
      filter: { include: ['public', 'private'], exclude_bot_users: true },
    },
  };
}

function inputBlocks(input: Input, value: string | undefined): Block[] {
  const label = input.name.charAt(0).toUpperCase() + input.name.slice(1).replaceAll(/[-_]/g, ' ');
  const element = elementOf(input, value);
  if (!element) return [note(`${label}: nothing to choose from yet`)];
  const block: InputBlock = {
    type: 'input',
    block_id: blockIdOf(input),
    label: plain(label, 200),
    hint: plain(input.about.charAt(0).toUpperCase() + input.about.slice(1), 200),
    optional: !input.required,
    dispatch_action: input.shape.kind === 'menu',
    element,
  };
  return [block];
}

function elementOf({ shape }: Input, value: string | undefined): InputBlockElement | undefined {
  switch (shape.kind) {
    case 'text':
      return {
        type: 'plain_text_input',
        action_id: VALUE,
        ...(value && { initial_value: value.slice(0, LIMITS.element) }),
      };
    case 'number':
      return {
        type: 'number_input',
        action_id: VALUE,
        is_decimal_allowed: false,
        min_value: String(shape.least),
        max_value: String(shape.most),
        ...(value && /^-?\d+$/.test(value) && { initial_value: value }),
      };
    case 'menu': {
      if (shape.choices.length === 0) return undefined;
      const initial = shape.choices.findLast(choice => choice.value === value);
      const placeholder = plain('Choose', LIMITS.placeholder);
      const common = { action_id: VALUE, placeholder, ...(initial && { initial_option: option(initial) }) };
      return shape.choices.length <= LIMITS.options
        ? { type: 'static_select', ...common, options: options(shape.choices) }
        : { type: 'external_select', ...common, min_query_length: 0 };
    }
  }
}

/** Slack keeps what was chosen while the block's id stays: other choices make another block. */
export function blockIdOf({ name, shape }: Input): string {
  if (shape.kind !== 'menu') return `in|${name}`;
  const choices = createHash('sha256').update(JSON.stringify(shape.choices.map(({ value }) => value)));
  return `in|${name}|${choices.digest('hex').slice(0, 12)}`;
}

/** The input's name; undefined for a block that is none. */
export function readInputId(blockId: string): string | undefined {
  const [kind, name] = blockId.split('|');
  return kind === 'in' && name ? name : undefined;
}
