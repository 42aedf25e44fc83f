/** data_visualization: a titled chart with its legend, and the same numbers as a table for screen readers. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JsonObject } from '../../../../object.ts';
import { type Chart, describeChart, readChart } from '../chart/model.ts';
import { PiePlot } from '../chart/pie.ts';
import { XyPlot } from '../chart/xy.ts';
import { html } from '../html.ts';
import { textOf } from '../json.ts';

export function ChartBlock({ block }: { block: JsonObject }): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(520);
  useEffect(() => {
    const own = box.current;
    if (!own) return;
    const watcher = new ResizeObserver(() => setWidth(Math.max(240, Math.floor(own.clientWidth))));
    watcher.observe(own);
    return () => watcher.disconnect();
  }, []);
  const chart = readChart(block);
  const title = textOf(block.title);
  if (!chart) return html`<span class="unknown">This page cannot draw this kind of chart.</span>`;
  return html`<figure class="chart" role="figure" aria-label=${describeChart(title, chart)}>
    <figcaption class="chart-title">${title}</figcaption>
    <div class="chart-box" ref=${box}>
      ${chart.kind === 'pie' ? html`<${PiePlot} segments=${chart.segments} />` : html`<${XyPlot} chart=${chart} width=${width} name=${title} />`}
    </div>
    ${
      chart.kind === 'pie'
        ? null
        : html`<ul class="legend" aria-label="Legend">${chart.series.map(
            (series, index) => html`<li><i class=${`swatch fill-${(index % 6) + 1}`}></i>${series.name}</li>`,
          )}</ul>`
    }
    <div class="visually-hidden"><${Numbers} chart=${chart} title=${title} /></div>
  </figure>`;
}

function Numbers({ chart, title }: { chart: Chart; title: string }): VNode {
  if (chart.kind === 'pie') {
    return html`<table><caption>${title}</caption><tbody>${chart.segments.map(
      segment => html`<tr><th scope="row">${segment.label}</th><td>${segment.value}</td></tr>`,
    )}</tbody></table>`;
  }
  return html`<table><caption>${title}</caption>
    <thead><tr><th scope="col">${chart.xLabel || 'Category'}</th>${chart.series.map(series => html`<th scope="col">${series.name}</th>`)}</tr></thead>
    <tbody>${chart.categories.map(
      (category, index) =>
        html`<tr><th scope="row">${category}</th>${chart.series.map(series => html`<td>${series.values[index] ?? ''}</td>`)}</tr>`,
    )}</tbody></table>`;
}
