/** Pickers of dates and times: the browser's own controls, which every keyboard and screen reader knows. */
import type { VNode } from 'preact';
import type { Json } from '../../../../object.ts';
import { useConfirm } from '../components/confirm.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { asNumber, asText } from '../json.ts';
import type { ElementProps } from './button.ts';
import { nameOfElement, useSurface } from './surface.ts';
import { valueField } from './values.ts';

const controls: Record<string, 'date' | 'time' | 'datetime-local'> = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

/** `2026-11-21T10:32` in the reader's time zone, as the browser's control wants it. */
function localMinute(seconds: number): string {
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function DateTimeElement({ element, blockId, label, dispatches = true }: ElementProps): VNode {
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const type = asText(element.type);
  const field = valueField(type) ?? '';
  const held = surface.valueOf(element, blockId);
  const seconds = asNumber(held);
  const shown = type === 'datetimepicker' ? (seconds === undefined ? '' : localMinute(seconds)) : asText(held ?? '');
  const change = (event: Event) => {
    const text = (event.target as HTMLInputElement).value;
    const moment = type === 'datetimepicker' ? Math.floor(new Date(text).getTime() / 1000) : text;
    const value: Json = text === '' ? null : moment;
    if (dispatches) confirm.ask(() => void surface.act(element, blockId, { [field]: value }, value));
    else surface.enter(element, blockId, value);
  };
  return html`<span class="date-time">
    <${Icon} name=${type === 'timepicker' ? 'clock' : 'calendar'} size=${16} />
    <input class="date-time-field" type=${controls[type] ?? 'date'} value=${shown} aria-label=${nameOfElement(element, label) || 'Date'}
      data-action=${asText(element.action_id)} onChange=${change} />${confirm.dialog}
  </span>`;
}
