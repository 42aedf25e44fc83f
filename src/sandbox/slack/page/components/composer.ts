/** The message box: formatting, completion of commands and names, drafts, and the lines sent before. */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { recall, remember, rememberSent, sentLines } from '../drafts.ts';
import { html } from '../html.ts';
import { usePage } from '../page-context.ts';
import { channelName, channelOf } from '../selectors.ts';
import { type Completion, completionsAt, usageOf } from '../text/completions.ts';
import { type Format, format, insert, type Typed } from '../text/typing.ts';
import { CompletionList } from './completion-list.ts';
import { ComposerFoot, FormatBar } from './composer-bars.ts';
import { Notices } from './notices.ts';

const shortcuts: Record<string, Format> = { b: 'bold', i: 'italic', e: 'code' };

export function Composer({ channel, thread }: { channel: string; thread?: string }): VNode {
  const page = usePage();
  const { state } = page;
  const place = `${state.me.id}/${channel}${thread === undefined ? '' : `/${thread}`}`;
  const [text, setText] = useState(() => recall(`draft/${place}`) ?? '');
  const [cursor, setCursor] = useState(text.length);
  const [at, setAt] = useState(0);
  const [closedAt, setClosedAt] = useState<string | undefined>(undefined);
  const [bar, setBar] = useState(() => recall('format-bar') !== 'hidden');
  const area = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const back = useRef(0);

  const kind = channelOf(state, channel)?.kind;
  const archived = channelOf(state, channel)?.archived === true;
  const name = channelName(state, channel);
  const label = thread === undefined ? `Message ${kind === 'im' ? name : `#${name}`}` : 'Reply…';
  const offer = closedAt === text ? undefined : completionsAt(text, cursor, state);
  const usage = offer ? undefined : usageOf(text, state);
  const active = offer ? Math.min(at, offer.items.length - 1) : 0;

  useLayoutEffect(() => {
    const own = area.current;
    if (!own) return;
    own.style.height = 'auto';
    own.style.height = `${Math.min(own.scrollHeight, 260)}px`;
  }, [text]);
  useEffect(() => {
    if (window.matchMedia('(hover: hover)').matches) area.current?.focus();
  }, [place]);

  const write = (next: string) => {
    setText(next);
    remember(`draft/${place}`, next);
  };
  const put = (typed: Typed) => {
    write(typed.text);
    setCursor(typed.end);
    setAt(0);
    // At once, not after the next drawing: the next key may come before it.
    const own = area.current;
    if (!own) return;
    own.value = typed.text;
    own.focus();
    own.setSelectionRange(typed.start, typed.end);
  };
  const typed = (): Typed => ({
    text,
    start: area.current?.selectionStart ?? text.length,
    end: area.current?.selectionEnd ?? text.length,
  });
  const complete = (item: Completion) => {
    if (offer) put(insert({ text, start: cursor, end: cursor }, offer.from, item.insert));
  };
  const add = (piece: string) => {
    const own = typed();
    const glue = own.start > 0 && !/\s$/.test(text.slice(0, own.start)) ? ' ' : '';
    put(insert(own, own.start, glue + piece));
  };
  const send = async () => {
    const line = text.trim();
    if (line === '') return;
    write('');
    setCursor(0);
    back.current = 0;
    rememberSent(place, line);
    page.tell({ type: 'clear-notices', channel, thread });
    const reply = await page.send({
      type: 'say',
      channel,
      text: line,
      ...(thread === undefined ? {} : { threadTs: thread }),
    });
    if (!reply.ok) page.notify(reply.error, channel, thread);
  };
  /** Walks through the lines sent before, newest first; only from an empty box or from such a line. */
  const walk = (step: number) => {
    const lines = sentLines(place);
    const next = Math.min(Math.max(0, back.current + step), lines.length);
    back.current = next;
    const line = next === 0 ? '' : (lines.at(-next) ?? '');
    put({ text: line, start: line.length, end: line.length });
  };

  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (offer && handleOffer(event, offer.items)) return;
    const mine = shortcuts[event.key.toLowerCase()];
    if ((event.metaKey || event.ctrlKey) && mine) {
      event.preventDefault();
      put(format(typed(), mine));
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'ArrowUp' && (text === '' || back.current > 0)) {
      event.preventDefault();
      walk(1);
    } else if (event.key === 'ArrowDown' && back.current > 0) {
      event.preventDefault();
      walk(-1);
    }
  };
  const handleOffer = (event: KeyboardEvent, items: Completion[]): boolean => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const item = items[active];
    if (step !== 0) setAt((active + step + items.length) % items.length);
    else if (event.key === 'Escape') setClosedAt(text);
    else if ((event.key === 'Enter' || event.key === 'Tab') && item && !event.shiftKey) {
      // A command or a name that is there in full is sent by Enter, not completed again.
      const word = text.slice(offer?.from, cursor).toLowerCase();
      if (event.key === 'Enter' && item.insert.trim().toLowerCase() === word) return false;
      complete(item);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const input = (event: Event) => {
    const own = event.target as HTMLTextAreaElement;
    back.current = 0;
    setAt(0);
    write(own.value);
    setCursor(own.selectionStart);
  };

  if (archived) return html`<div class="composer-archived">This channel is archived: nobody can write in it.</div>`;
  return html`<div class="composer-place">
    <${Notices} channel=${channel} thread=${thread} />
    ${offer ? html`<${CompletionList} anchor=${box} items=${offer.items} active=${active} onPick=${complete} onActive=${setAt} onClose=${() => setClosedAt(text)} />` : null}
    ${usage ? html`<div class="usage" role="note"><b>${usage.line}</b><span>${usage.about}</span></div>` : null}
    <div class="composer" ref=${box}>
      ${bar ? html`<${FormatBar} onFormat=${(as: Format) => put(format(typed(), as))} />` : null}
      <textarea ref=${area} rows="1" class="composer-text" aria-label=${label} placeholder=${label} value=${text} spellcheck=${true}
        role="textbox" aria-multiline="true" aria-autocomplete="list" aria-controls=${offer ? 'completions' : undefined}
        aria-activedescendant=${offer ? `completion-${active}` : undefined} onInput=${input} onKeyDown=${press}
        onSelect=${() => setCursor(area.current?.selectionStart ?? 0)}></textarea>
      <${ComposerFoot} canSend=${text.trim() !== ''} barShown=${bar} onAdd=${add} onSend=${send}
        onBar=${() => {
          remember('format-bar', bar ? 'hidden' : undefined);
          setBar(!bar);
        }} />
    </div>
    <div class="composer-hint" aria-hidden="true">${text.trim() === '' ? '' : html`<b>Shift + Return</b> to add a new line`}</div>
  </div>`;
}
