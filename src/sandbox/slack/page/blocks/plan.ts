/** plan and task_card: work in steps, each with its state. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../../object.ts';
import { Plain } from '../components/inline.ts';
import { html } from '../html.ts';
import { Icon, Spinner } from '../icons.ts';
import { asObject, asObjects, asText } from '../json.ts';
import { safeUrl } from '../text/inline.ts';
import { RichTextBlock } from './rich-text.ts';

const states: Record<string, { name: string; sign: () => VNode }> = {
  pending: { name: 'Pending', sign: () => html`<span class="task-ring"></span>` },
  in_progress: { name: 'In progress', sign: () => html`<${Spinner} size=${18} />` },
  complete: {
    name: 'Complete',
    sign: () => html`<span class="task-disc done"><${Icon} name="check" size=${13} /></span>`,
  },
  error: {
    name: 'Failed',
    sign: () => html`<span class="task-disc failed"><${Icon} name="close" size=${12} /></span>`,
  },
};

export function PlanBlock({ block }: { block: JsonObject }): VNode {
  const [open, setOpen] = useState(true);
  const tasks = asObjects(block.tasks);
  const done = tasks.filter(task => task.status === 'complete').length;
  const title = asText(block.title);
  return html`<section class="plan" aria-label=${title}>
    <button type="button" class="plan-head" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Icon} name=${open ? 'down' : 'right'} size=${16} />
      <span class="plan-title"><${Plain} text=${title} /></span>
      <span class="plan-count">${done} of ${tasks.length}</span>
    </button>
    ${open ? html`<ol class="plan-tasks" role="list">${tasks.map(task => html`<li><${TaskCard} block=${task} key=${asText(task.task_id)} /></li>`)}</ol>` : null}
  </section>`;
}

export function TaskCard({ block }: { block: JsonObject }): VNode {
  const state = states[asText(block.status)] ?? states.pending;
  const details = asObject(block.details);
  const output = asObject(block.output);
  const sources = asObjects(block.sources);
  const hasMore = Boolean(details || output || sources.length > 0);
  const [open, setOpen] = useState(true);
  const shown = hasMore && open;
  const head = html`<span class="task-sign" role="img" aria-label=${state?.name}>${state?.sign()}</span>
    <span class="task-title"><${Plain} text=${asText(block.title)} /></span>
    ${hasMore ? html`<span class="task-chevron"><${Icon} name=${shown ? 'down' : 'right'} size=${14} /></span>` : null}`;
  return html`<div class=${`task task-${asText(block.status)}`} data-task=${asText(block.task_id)}>
    ${
      hasMore
        ? html`<button type="button" class="task-head" aria-expanded=${shown} onClick=${() => setOpen(!shown)}>${head}</button>`
        : html`<div class="task-head">${head}</div>`
    }
    ${
      shown
        ? html`<div class="task-body">
            ${details ? html`<${RichTextBlock} block=${details} />` : null}
            ${output ? html`<div class="task-output"><${RichTextBlock} block=${output} /></div>` : null}
            ${sources.length > 0 ? html`<div class="task-sources">${sources.map(drawSource)}</div>` : null}
          </div>`
        : null
    }
  </div>`;
}

function drawSource(source: JsonObject): VNode {
  const url = safeUrl(asText(source.url));
  const text = asText(source.text) || asText(source.url);
  if (url === undefined) return html`<span class="chip">${text}</span>`;
  return html`<a class="chip link" href=${url} target="_blank" rel="noopener noreferrer"><${Icon} name="link" size=${13} />${text}</a>`;
}
