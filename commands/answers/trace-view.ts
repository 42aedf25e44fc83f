/** A trace as people read it: one line, a waterfall, a row a hop; or why there is none, and what to do about it. */

import type { WaterfallHop } from '../../src/picture/picture.ts';
import type { Hop, ProbeAnswer, ProbeRequest } from '../../src/ports.ts';
import { arranged, hopsInWords, ROWS, rowOf } from '../../src/proof/tracing.ts';
import { waterfall } from '../../src/proof/waterfall.ts';
import type { Part, Phrase, View } from '../../src/view.ts';
import { PATIENCE } from './awaiting.ts';
import { redactHeaders, redactText } from './redact.ts';

/** What was sent to make the trace; undefined: it was asked for by its id. */
export interface Sent {
  request: ProbeRequest;
  /** Headers that the asker chose. */
  own: Record<string, string>;
  answer: ProbeAnswer;
}

export interface Shown {
  traceId: string;
  sent: Sent | undefined;
  link: string | undefined;
  /** What else there is to say of it. */
  notes: Phrase[];
}

export function traceView(hops: Hop[], { traceId, sent, link, notes }: Shown): View {
  const all = arranged(hops, { sender: true });
  const rows = all.slice(0, ROWS);
  const start = Math.min(...hops.map(hop => hop.start));
  const whole = Math.max(...hops.map(hop => hop.start + hop.took)) - start;
  const errors = all.filter(({ hop }) => hasFailed(hop)).length;
  const line = [
    `${all.length} ${all.length === 1 ? 'hop' : 'hops'} in ${milliseconds(whole)}`,
    errors === 0 ? 'no errors' : `${errors} ${errors === 1 ? 'error' : 'errors'}`,
  ].join(', ');
  const drawn = waterfall(rows.map(rowOf));
  const hidden = all.length - rows.length;
  return {
    text: `Trace ${traceId}: ${line}.`,
    parts: [
      { kind: 'text', text: [...(errors === 0 ? [] : ['⚠️ ']), { bold: line }, ', trace ', { code: traceId }] },
      ...(sent ? [requestPart(sent)] : []),
      ...(drawn === '' ? [] : [pictureOf(rows.map(rowOf), `${capital(line)}`, drawn)]),
      {
        kind: 'table',
        columns: [
          { title: 'Hop' },
          { title: 'Version' },
          { title: 'Begins', align: 'right' },
          { title: 'Took', align: 'right' },
          { title: 'Status', align: 'right' },
        ],
        rows: rows.map(({ hop, start }) => [
          hop.service,
          hop.version ?? '–',
          milliseconds(start),
          milliseconds(hop.took),
          statusOf(hop),
        ]),
      },
      ...(hidden > 0 ? [note(`${hidden} more hops are not shown.`)] : []),
      ...notes.map(note),
      ...(link === undefined ? [] : [note([{ link, label: 'Open this trace' }])]),
    ],
  };
}

function pictureOf(hops: WaterfallHop[], title: string, otherwise: string): Part {
  const picture = { kind: 'waterfall' as const, title, hops };
  return { kind: 'picture', title: 'Waterfall', alt: `${title}. ${hopsInWords(hops)}`, picture, otherwise };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Proxies mark what failed, also where the status says nothing of it, as with gRPC. */
function hasFailed({ status, tags }: Hop): boolean {
  return tags.error === 'true' || (status !== undefined && status >= 500);
}

function statusOf(hop: Hop): string {
  const grpc = hop.tags['grpc.status_code'];
  const said = [hop.status === undefined ? [] : `${hop.status}`, grpc === undefined ? [] : `gRPC ${grpc}`].flat();
  if (said.length === 0) return hasFailed(hop) ? 'error' : '–';
  return hasFailed(hop) && (hop.status ?? 0) < 500 ? `${said.join(', ')}, error` : said.join(', ');
}

/** How far it is, while it is waited for. */
export function waitingView(traceId: string, tracer: string, sent: Sent | undefined, waited: number): View {
  const seconds = Math.round(waited / 1_000);
  const detail = `${seconds} of at most ${PATIENCE / 1_000} s`;
  return {
    text: `Waiting for ${tracer} to have the trace ${traceId}.`,
    parts: [
      {
        kind: 'steps',
        steps: [
          ...(sent ? [{ title: 'Send a request', state: 'done' as const, detail: answerOf(sent) }] : []),
          { title: `Wait for its trace in ${tracer}`, state: 'running', detail },
        ],
      },
    ],
  };
}

export interface Missing {
  traceId: string;
  tracer: string;
  sent: Sent | undefined;
  /** What the tracer said instead of answering. */
  trouble: string | undefined;
  /** Where Istio's mesh-wide configuration lives. */
  rootNamespace: string;
}

/** Why a trace may not be there, the likeliest first. */
export function missingView({ traceId, tracer, sent, trouble, rootNamespace }: Missing): View {
  const text =
    trouble === undefined
      ? `${tracer} has no trace ${traceId}, also after ${PATIENCE / 1_000} s.`
      : `The trace could not be read: ${trouble}`;
  const parts: Part[] = [{ kind: 'text', text }, ...(sent ? [requestPart(sent)] : [])];
  if (trouble !== undefined) {
    parts.push(note(['Check ', { code: 'telemetry' }, ' in meshbot.yaml, and that the tracer runs.']));
    return { text, parts };
  }
  parts.push({ kind: 'bullets', items: sent ? whySent(tracer) : whyAsked(tracer) });
  const file = telemetryManifest(rootNamespace, sent && tracer);
  const title = sent ? 'A Telemetry for the whole mesh' : 'Samples one request of ten';
  return { text, parts: [...parts, { kind: 'code', language: 'yaml', title, text: file }] };
}

function whySent(tracer: string): Phrase[] {
  return [
    [
      'The proxies may send no spans: Istio needs a provider in ',
      { code: 'meshConfig.extensionProviders' },
      ' and a Telemetry that uses it.',
    ],
    [`They may send them to another tracer than this ${tracer}: see `, { code: 'telemetry' }, ' in meshbot.yaml.'],
    'What stands before the mesh, or its first proxy, may drop the headers of the trace (traceparent, x-b3-*). The request asked to be sampled, so the usual 1 % is no reason.',
  ];
}

function whyAsked(tracer: string): Phrase[] {
  return [
    'It may never have been sampled: Istio samples 1 % of requests unless it is told otherwise.',
    `It may be too old: ${tracer} forgets.`,
    [`Its spans may go to another tracer than this ${tracer}: see `, { code: 'telemetry' }, ' in meshbot.yaml.'],
  ];
}

/** https://istio.io/latest/docs/tasks/observability/distributed-tracing/telemetry-api/ */
function telemetryManifest(namespace: string, provider: string | undefined): string {
  const sampling = 'randomSamplingPercentage: 10';
  return [
    'apiVersion: telemetry.istio.io/v1',
    'kind: Telemetry',
    `metadata: { name: mesh-default, namespace: ${namespace} }`,
    'spec:',
    '  tracing:',
    ...(provider === undefined
      ? [`    - ${sampling}`]
      : [
          `    - providers: [{ name: ${provider.toLowerCase()} }] # as in extensionProviders`,
          `      ${sampling} # of all other requests`,
        ]),
  ].join('\n');
}

function requestPart(sent: Sent): Part {
  const { from, method, url } = sent.request;
  const chosen = Object.entries(redactHeaders(sent.own))
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  return {
    kind: 'fields',
    fields: [
      { name: 'Asked', value: [{ code: `${method} ${url}` }] },
      { name: 'From', value: from.kind === 'gateway' ? 'outside' : `pod ${from.pod}.${from.namespace}` },
      ...(chosen === '' ? [] : [{ name: 'With', value: [{ code: chosen }] }]),
      { name: 'Answer', value: answerOf(sent) },
    ],
  };
}

function answerOf({ answer }: Sent): string {
  const took = milliseconds(answer.took);
  return answer.status === 0
    ? `no answer after ${took}${answer.error === undefined ? '' : `: ${redactText(answer.error)}`}`
    : `${answer.status} after ${took}`;
}

function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

function note(text: Phrase): Part {
  return { kind: 'note', text };
}
