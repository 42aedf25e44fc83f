/** Preformatted text, coloured where its language is known, with line numbers in files. */
import type { VNode } from 'preact';
import { html } from '../html.ts';
import { highlight, languageOf } from '../text/highlight.ts';

export function Code({ text, language = '' }: { text: string; language?: string }): VNode {
  const known = languageOf(language);
  if (known === 'text') return html`<pre class="pre">${text}</pre>`;
  return html`<pre class="pre coloured">${codeLines(text, known)}</pre>`;
}

/** Lines of a file with their numbers. */
export function NumberedCode({ text, language }: { text: string; language: string }): VNode {
  return html`<pre class="numbered coloured">${codeLines(text, languageOf(language))}</pre>`;
}

function codeLines(text: string, language: ReturnType<typeof languageOf>): VNode[] {
  return highlight(text.replace(/\n$/, ''), language).map(
    line =>
      html`<span class=${`code-line mark-${line.mark}`}>${
        line.tokens.length === 0
          ? '\u200b'
          : line.tokens.map(token => html`<span class=${`tok-${token.kind}`}>${token.text}</span>`)
      }${'\n'}</span>`,
  );
}
