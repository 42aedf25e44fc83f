/** alert: a coloured line in a modal. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { TextObject } from '../components/text-object.ts';
import { html } from '../html.ts';
import { Icon, type IconName } from '../icons.ts';
import { asText } from '../json.ts';

const signs: Record<string, IconName> = {
  default: 'info',
  info: 'info',
  warning: 'warning',
  error: 'error',
  success: 'check',
};

export function AlertBlock({ block }: { block: JsonObject }): VNode {
  const level = Object.hasOwn(signs, asText(block.level)) ? asText(block.level) : 'default';
  return html`<div class=${`alert alert-${level}`} role=${level === 'error' ? 'alert' : 'note'}>
    <${Icon} name=${signs[level]} size=${18} /><div><${TextObject} of=${block.text} /></div>
  </div>`;
}
