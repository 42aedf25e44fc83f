/** A Block Kit text object: mrkdwn or plain text. */
import type { VNode } from 'preact';
import type { Json } from '../../../../object.ts';
import { html } from '../html.ts';
import { asObject, asText, textOf } from '../json.ts';
import { Mrkdwn, Plain } from './inline.ts';

export function TextObject({ of }: { of: Json | undefined }): VNode {
  const object = asObject(of);
  if (object && asText(object.type) === 'mrkdwn') return html`<${Mrkdwn} text=${textOf(of)} />`;
  return html`<${Plain} text=${textOf(of)} emoji=${object?.emoji !== false} />`;
}
