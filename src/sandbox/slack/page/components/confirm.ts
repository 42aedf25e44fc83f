/** Block Kit's confirmation dialog: asks before an element acts. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Json } from '../../../../object.ts';
import { html } from '../html.ts';
import { asObject, textOf } from '../json.ts';
import { Dialog } from './dialog.ts';
import { TextObject } from './text-object.ts';

/** `ask(go)` opens the dialog when the element has one, and calls `go` on yes, or at once when it has none. */
export function useConfirm(of: Json | undefined): { ask(go: () => void): void; dialog: VNode | null } {
  const [going, setGoing] = useState<{ go: () => void } | undefined>(undefined);
  const confirm = asObject(of);
  return {
    ask(go) {
      if (confirm) setGoing({ go });
      else go();
    },
    dialog:
      confirm && going
        ? html`<${Confirm} of=${confirm} onNo=${() => setGoing(undefined)} onYes=${() => {
            setGoing(undefined);
            going.go();
          }} />`
        : null,
  };
}

function Confirm({ of, onYes, onNo }: { of: Record<string, Json>; onYes(): void; onNo(): void }): VNode {
  const style = of.style === 'danger' ? 'danger' : 'primary';
  const footer = html`<button type="button" class="button" onClick=${onNo}>${textOf(of.deny) || 'No'}</button>
    <button type="submit" class=${`button ${style} solid`} data-autofocus>${textOf(of.confirm) || 'Yes'}</button>`;
  return html`<${Dialog} class="dialog-small" title=${textOf(of.title) || 'Are you sure?'} onClose=${onNo}
    onSubmit=${onYes} footer=${footer}><${TextObject} of=${of.text} /></${Dialog}>`;
}
