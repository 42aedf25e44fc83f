/** Modals of the app: a stack of views, the last one on top; what was entered in those beneath is kept. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageModal } from '../../page-protocol.ts';
import { Blocks } from '../blocks/blocks.ts';
import { SurfaceContext, useNewSurface } from '../elements/surface.ts';
import { complaints } from '../elements/values.ts';
import { html } from '../html.ts';
import { Icon, Spinner } from '../icons.ts';
import { asObjects, textOf } from '../json.ts';
import { usePage } from '../page-context.ts';
import { userOf } from '../selectors.ts';
import { Avatar } from './avatar.ts';
import { Dialog } from './dialog.ts';

export function Modals(): VNode {
  const { state } = usePage();
  return html`<div>${state.modals.map(
    (modal, index) => html`<${Modal} key=${modal.viewId} modal=${modal} onTop=${index === state.modals.length - 1} />`,
  )}</div>`;
}

function Modal({ modal, onTop }: { modal: PageModal; onTop: boolean }): VNode {
  const page = usePage();
  const { viewId, view } = modal;
  const [sending, setSending] = useState(false);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const [own, setOwn] = useState<Record<string, string>>({});
  const blocks = asObjects(view.blocks);
  const title = textOf(view.title) || page.state.app.name;
  const submit = textOf(view.submit);
  const surface = useNewSurface({
    container: { type: 'view', viewId },
    blocks,
    errors: { ...page.state.modalErrors[viewId], ...own },
    onError: setTrouble,
  });

  const close = () => {
    page.tell({ type: 'modal-closed', viewId });
    void page.send({ type: 'close', viewId });
  };
  const send = async () => {
    if (sending || submit === '') return;
    const missing = complaints(blocks, surface.entered());
    setOwn(missing);
    setTrouble(undefined);
    page.tell({ type: 'clear-modal-errors', viewId });
    if (Object.keys(missing).length > 0) return;
    setSending(true);
    const reply = await page.send({ type: 'submit', viewId, state: surface.state() });
    setSending(false);
    if (!reply.ok) setTrouble(reply.error);
  };
  const footer = html`<button type="button" class="button" onClick=${close}>${textOf(view.close) || 'Close'}</button>
    ${
      submit === ''
        ? null
        : html`<button type="submit" class="button primary solid" aria-busy=${sending} disabled=${sending}>${sending ? html`<${Spinner} />` : null}${submit}</button>`
    }`;
  return html`<${Dialog} title=${title} class=${`modal ${onTop ? '' : 'beneath'}`} onClose=${close} onSubmit=${send} footer=${footer}
    icon=${html`<${Avatar} user=${userOf(page.state, page.state.app.botUser)} size=${28} />`}>
    ${trouble === undefined ? null : html`<div class="alert alert-error" role="alert"><${Icon} name="error" /><div>${trouble}</div></div>`}
    <${SurfaceContext.Provider} value=${surface}><${Blocks} blocks=${blocks} /></${SurfaceContext.Provider}>
  </${Dialog}>`;
}
