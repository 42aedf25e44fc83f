/** Pie charts, drawn as a ring with the total in its middle and the shares beside it. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { percentOf } from './model.ts';
import { ring, shortNumber } from './scale.ts';

export function PiePlot({ segments }: { segments: { label: string; value: number }[] }): VNode {
  const [at, setAt] = useState<number | undefined>(undefined);
  const total = segments.reduce((sum, segment) => sum + segment.value, 0);
  const slices = ring(
    segments.map(segment => segment.value),
    84,
    50,
  );
  const shown = at === undefined ? undefined : segments[at];
  return html`<div class="pie">
    <svg width="184" height="184" viewBox="-92 -92 184 184" aria-hidden="true">
      ${slices.map(
        (
          slice,
          index,
        ) => html`<path class=${`slice fill-${(index % 6) + 1} ${at !== undefined && at !== index ? 'dim' : ''}`} d=${slice.path}
          transform=${at === index ? `translate(${slice.middle.x * 3} ${slice.middle.y * 3})` : undefined}
          onPointerEnter=${() => setAt(index)} onPointerLeave=${() => setAt(undefined)} />`,
      )}
      <text class="pie-total" y="2" text-anchor="middle">${shown ? percentOf(shown.value, total) : shortNumber(total)}</text>
      <text class="tick" y="20" text-anchor="middle">${shown ? shown.label : 'total'}</text>
    </svg>
    <ul class="pie-legend">${segments.map(
      (
        segment,
        index,
      ) => html`<li class=${at === index ? 'on' : ''} onPointerEnter=${() => setAt(index)} onPointerLeave=${() => setAt(undefined)}>
        <i class=${`swatch fill-${(index % 6) + 1}`}></i><span>${segment.label}</span>
        <b>${percentOf(segment.value, total)}</b><small>${segment.value.toLocaleString('en-US')}</small>
      </li>`,
    )}</ul>
  </div>`;
}
