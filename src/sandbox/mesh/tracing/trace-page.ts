/** One trace as a page with a waterfall: where the links of receipts lead in the local world. */
import type { ZipkinSpan } from './store.ts';

export function tracePage(id: string, spans: ZipkinSpan[] | undefined): string {
  const body = spans ? waterfall(spans) : '<p>No span of this trace has come in. The latest 2,000 traces are kept.</p>';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Trace ${id}</title><style>${STYLE}</style></head>
<body><h1>Trace <code>${id}</code></h1>${body}</body></html>
`;
}

function waterfall(spans: ZipkinSpan[]): string {
  const start = Math.min(...spans.map(span => span.timestamp ?? 0));
  const end = Math.max(...spans.map(span => (span.timestamp ?? 0) + (span.duration ?? 0)));
  const whole = Math.max(1, end - start);
  const rows = ordered(spans).map(({ span, depth }) => {
    const { tags = {} } = span;
    const left = (((span.timestamp ?? start) - start) / whole) * 100;
    const width = Math.max(0.4, ((span.duration ?? 0) / whole) * 100);
    const status = tags['http.status_code'] ?? '';
    const bad = tags.error === 'true' ? ' class="bad"' : '';
    return `<tr${bad}><td style="padding-left:${depth * 16 + 8}px">${escaped(span.localEndpoint?.serviceName ?? '?')}
      <small>${escaped(tags['istio.canonical_revision'] ?? '')} ${(span.kind ?? '').toLowerCase()}</small></td>
      <td>${escaped(status)}</td><td class="bar"><i style="margin-left:${left}%;width:${width}%"></i></td>
      <td>${((span.duration ?? 0) / 1000).toFixed(1)} ms</td></tr>`;
  });
  return `<table><thead><tr><th>Service</th><th>Status</th><th>Time</th><th>Took</th></tr></thead><tbody>${rows.join(
    '',
  )}</tbody></table>`;
}

/** Depth first, children by their start; a span whose parent is not here is a root. */
function ordered(spans: ZipkinSpan[]): { span: ZipkinSpan; depth: number }[] {
  const ids = new Set(spans.map(span => span.id));
  const byStart = spans.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
  const rows: { span: ZipkinSpan; depth: number }[] = [];
  const seen = new Set<ZipkinSpan>();
  const visit = (span: ZipkinSpan, depth: number): void => {
    if (seen.has(span)) return;
    seen.add(span);
    rows.push({ span, depth });
    for (const child of byStart) if (child.parentId === span.id) visit(child, depth + 1);
  };
  for (const span of byStart) if (span.parentId === undefined || !ids.has(span.parentId)) visit(span, 0);
  return rows;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:24px auto;max-width:1100px;padding:0 20px}
h1{font-size:20px}code{font-size:.9em}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 8px;border-bottom:1px solid #8884}
small{opacity:.7}.bar{width:50%}.bar i{display:block;height:12px;border-radius:3px;background:#3a8f7f}
tr.bad .bar i{background:#c8433a}`;
