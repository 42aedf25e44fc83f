/** A modal dialog: the browser's own, so focus stays in it, the page behind is inert, and Escape closes it. */
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';

interface DialogProps {
  title: string;
  onClose(): void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  class?: string;
  icon?: ComponentChildren;
  onSubmit?(): void;
  closeLabel?: string;
}

export function Dialog(props: DialogProps): VNode {
  const { title, onClose, children, footer } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const leaving = useRef(false);

  useLayoutEffect(() => {
    const own = dialog.current;
    const before = document.activeElement;
    if (!own) return;
    if (!own.open) own.showModal();
    own.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      leaving.current = true;
      if (own.open) own.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const submit = (event: Event) => {
    event.preventDefault();
    // A dialog may stand inside another one's form.
    event.stopPropagation();
    props.onSubmit?.();
  };
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  // A browser may close a dialog without asking, when Escape is pressed again and again.
  const closed = () => {
    if (!leaving.current && dialog.current?.isConnected) onClose();
  };
  const backdrop = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };

  return html`<dialog ref=${dialog} class=${`dialog ${props.class ?? ''}`} aria-label=${title} aria-modal="true"
    onCancel=${cancel} onClose=${closed} onMouseDown=${backdrop}>
    <form class="dialog-form" onSubmit=${submit} noValidate>
      <header class="dialog-header">
        ${props.icon}
        <h1>${title}</h1>
        <button type="button" class="icon-button" aria-label=${props.closeLabel ?? 'Close'} onClick=${onClose}>
          <${Icon} name="close" size=${20} />
        </button>
      </header>
      <div class="dialog-body">${children}</div>
      ${footer === undefined ? null : html`<footer class="dialog-footer">${footer}</footer>`}
    </form>
  </dialog>`;
}
