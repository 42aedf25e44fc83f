/** Bar, line and area charts: axes, marks, and the values under the pointer or the arrow keys. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import type { Chart, Series } from './model.ts';
import { axisOver, type Bands, bands, labelStride, linear, shortLabel, shortNumber } from './scale.ts';

type XyChart = Extract<Chart, { kind: 'bar' | 'line' | 'area' }>;

const height = 220;

export function XyPlot({ chart, width, name }: { chart: XyChart; width: number; name: string }): VNode {
  const [at, setAt] = useState<number | undefined>(undefined);
  const { categories, series } = chart;
  const axis = axisOver(series.flatMap(one => one.values.filter(value => value !== undefined)));
  const labels = axis.ticks.map(shortNumber);
  const left = Math.max(...labels.map(label => label.length)) * 6.6 + 12 + (chart.yLabel ? 16 : 0);
  const bottom = 26 + (chart.xLabel ? 16 : 0);
  const plot = { left, right: width - 8, top: 10, bottom: height - bottom };
  const y = linear(axis, plot.bottom, plot.top);
  const x = bands(categories.length, plot.left, plot.right);
  const stride = labelStride(categories, x.width);

  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const index = Math.floor((event.clientX - box.left - plot.left) / x.width);
    setAt(index >= 0 && index < categories.length ? index : undefined);
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setAt(before => Math.min(categories.length - 1, Math.max(0, before === undefined ? 0 : before + step)));
  };

  return html`<div class="plot" tabindex="0" role="group" aria-label=${`${name}: use the arrow keys to read values`} onKeyDown=${press}
    onPointerMove=${point} onPointerLeave=${() => setAt(undefined)} onBlur=${() => setAt(undefined)}>
    <svg width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} aria-hidden="true">
      ${axis.ticks.map(
        (
          tick,
          index,
        ) => html`<line class=${tick === 0 ? 'zero' : 'grid'} x1=${plot.left} x2=${plot.right} y1=${y(tick)} y2=${y(tick)} />
          <text class="tick" x=${plot.left - 8} y=${y(tick) + 3.5} text-anchor="end">${labels[index]}</text>`,
      )}
      ${categories.map((category, index) =>
        index % stride === 0
          ? html`<text class="tick" x=${x.center(index)} y=${plot.bottom + 17} text-anchor="middle">${shortLabel(category, x.width * stride)}</text>`
          : null,
      )}
      ${chart.xLabel ? html`<text class="axis-label" x=${(plot.left + plot.right) / 2} y=${height - 4} text-anchor="middle">${chart.xLabel}</text>` : null}
      ${
        chart.yLabel
          ? html`<text class="axis-label" transform=${`translate(11 ${(plot.top + plot.bottom) / 2}) rotate(-90)`} text-anchor="middle">${chart.yLabel}</text>`
          : null
      }
      ${at === undefined ? null : html`<rect class="hover-band" x=${x.center(at) - x.width / 2} y=${plot.top} width=${x.width} height=${plot.bottom - plot.top} />`}
      ${chart.kind === 'bar' ? drawBars(series, x, y, at) : series.map((one, index) => drawLine(one, index, chart.kind === 'area', x, y, at))}
    </svg>
    ${at === undefined ? null : html`<${Values} chart=${chart} at=${at} left=${x.center(at)} width=${width} />`}
  </div>`;
}

function drawBars(series: Series[], x: Bands, y: (value: number) => number, at: number | undefined): VNode[] {
  const inner = Math.min(x.width * 0.72, series.length * 42);
  const each = inner / Math.max(1, series.length);
  const gap = series.length > 1 ? Math.min(2, each * 0.15) : 0;
  return series.flatMap((one, index) =>
    one.values.flatMap((value, category) => {
      if (value === undefined) return [];
      const from = Math.min(y(0), y(value));
      const size = Math.max(Math.abs(y(value) - y(0)), value === 0 ? 0 : 1);
      const start = x.center(category) - inner / 2 + each * index;
      return html`<rect class=${`mark fill-${(index % 6) + 1} ${at !== undefined && at !== category ? 'dim' : ''}`} rx="2"
        x=${start + gap / 2} y=${from} width=${each - gap} height=${size} />`;
    }),
  );
}

function drawLine(
  series: Series,
  index: number,
  filled: boolean,
  x: Bands,
  y: (value: number) => number,
  at: number | undefined,
): VNode {
  const color = (index % 6) + 1;
  const points = series.values.flatMap((value, category) =>
    value === undefined ? [] : [{ category, x: x.center(category), y: y(value) }],
  );
  const path = points
    .map((point, place) => `${place === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`)
    .join('');
  const last = points.at(-1);
  const first = points[0];
  const area = first && last ? `${path}L${last.x.toFixed(1)} ${y(0)}L${first.x.toFixed(1)} ${y(0)}Z` : '';
  return html`<g>
    ${filled ? html`<path class=${`area fill-${color}`} d=${area} />` : null}
    <path class=${`line-mark stroke-${color}`} d=${path} stroke-dasharray=${index > 5 ? '5 4' : undefined} />
    ${points.map(point =>
      point.category === at || (!filled && points.length <= 12)
        ? html`<circle class=${`point fill-${color}`} cx=${point.x} cy=${point.y} r=${point.category === at ? 4.5 : 3} />`
        : null,
    )}
  </g>`;
}

function Values({ chart, at, left, width }: { chart: XyChart; at: number; left: number; width: number }): VNode {
  const side = left > width / 2 ? { right: `${width - left + 12}px` } : { left: `${left + 12}px` };
  return html`<div class="chart-values" style=${side} role="status">
    <b>${chart.categories[at]}</b>
    ${chart.series.map(
      (series, index) =>
        html`<div><i class=${`swatch fill-${(index % 6) + 1}`}></i>${series.name}<span>${
          series.values[at] === undefined ? '–' : series.values[at].toLocaleString('en-US')
        }</span></div>`,
    )}
  </div>`;
}
