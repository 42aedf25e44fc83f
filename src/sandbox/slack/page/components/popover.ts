/** A box that floats beside its anchor, in the browser's top layer, so that no scrolling list can cut it off. */
import type { ComponentChildren, RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../html.ts';

interface PopoverProps {
  anchor: RefObject<HTMLElement>;
  onClose(): void;
  children: ComponentChildren;
  /** As wide as the anchor, at least. */
  fit?: boolean;
  prefer?: 'below' | 'above';
  align?: 'start' | 'end';
  class?: string;
}

/** Closes on Escape, on a click elsewhere, and when focus leaves it and its anchor. */
export function Popover(props: PopoverProps): VNode {
  const { anchor, onClose, children, fit = false, prefer = 'below', align = 'start' } = props;
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const own = box.current;
    const beside = anchor.current;
    if (!own || !beside) return;
    own.showPopover();
    const place = () => position(own, beside, fit, prefer, align);
    place();
    const watcher = new ResizeObserver(place);
    watcher.observe(own);
    window.addEventListener('resize', place);
    document.addEventListener('scroll', place, true);
    return () => {
      watcher.disconnect();
      window.removeEventListener('resize', place);
      document.removeEventListener('scroll', place, true);
    };
  }, []);

  // Before the next key can come: an Escape that this misses would close the dialog around it.
  useLayoutEffect(() => {
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !anchor.current?.contains(target)) close.current();
    };
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      close.current();
      anchor.current?.focus();
    };
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('keydown', leave, true);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('keydown', leave, true);
    };
  }, []);

  return html`<div popover="manual" ref=${box} class=${`popover ${props.class ?? ''}`}>${children}</div>`;
}

const margin = 8;

function position(box: HTMLElement, anchor: HTMLElement, fit: boolean, prefer: string, align: string): void {
  const at = anchor.getBoundingClientRect();
  if (fit) box.style.minWidth = `${at.width}px`;
  const height = box.offsetHeight;
  const width = box.offsetWidth;
  const below = window.innerHeight - at.bottom - margin;
  const above = at.top - margin;
  const goesBelow = prefer === 'below' ? below >= height || below >= above : above < height && below > above;
  const top = goesBelow ? at.bottom + 4 : at.top - height - 4;
  const left = align === 'end' ? at.right - width : at.left;
  box.style.top = `${Math.max(margin, Math.min(top, window.innerHeight - height - margin))}px`;
  box.style.left = `${Math.max(margin, Math.min(left, window.innerWidth - width - margin))}px`;
}
