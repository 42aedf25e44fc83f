/** Chooses how an interactive element is drawn. */
import type { ComponentType, VNode } from 'preact';
import { html } from '../html.ts';
import { asText } from '../json.ts';
import { ButtonElement, type ElementProps, FeedbackButtons, IconButton } from './button.ts';
import { ChoicesElement } from './choices.ts';
import { DateTimeElement } from './date-time.ts';
import { OverflowElement } from './overflow.ts';
import { SelectElement } from './select.ts';
import { TextInput } from './text-input.ts';

const drawn: Record<string, ComponentType<ElementProps>> = {
  button: ButtonElement,
  workflow_button: ButtonElement,
  feedback_buttons: FeedbackButtons,
  icon_button: IconButton,
  overflow: OverflowElement,
  radio_buttons: ChoicesElement,
  checkboxes: ChoicesElement,
  plain_text_input: TextInput,
  number_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  datepicker: DateTimeElement,
  timepicker: DateTimeElement,
  datetimepicker: DateTimeElement,
};

export function Element(props: ElementProps): VNode {
  const type = asText(props.element.type);
  const Drawn = type.endsWith('_select') ? SelectElement : Object.hasOwn(drawn, type) ? drawn[type] : undefined;
  if (!Drawn) return html`<span class="unknown">This page cannot draw the element “${type}”.</span>`;
  return html`<${Drawn} ...${props} />`;
}
