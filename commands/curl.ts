/** `curl productpage/productpage`: sends one request and shows what came back. */
import { defineQuery } from '../src/command.ts';
import { type ProbeAnswer, ProbeError, type ProbeRequest } from '../src/ports.ts';
import type { Part, Phrase, View } from '../src/view.ts';
import { redactHeaders, redactText } from './answers/redact.ts';
import { refusedHeader, serviceUrl } from './answers/request.ts';
import { insideHint, sourceOf } from './answers/sender.ts';

/** Characters of the body that are shown in the message. */
const SHOWN = 2000;
/** ms. */
const TIMEOUT = 5000;
/** Questions change nothing, so they send nothing that does. */
const METHODS = ['GET', 'HEAD', 'OPTIONS'];

export default defineQuery({
  verb: 'curl',
  summary: 'Send one request and show the answer',
  parameters: {
    url: { type: 'url', required: true, shown: '<url|service/path>', about: 'where to' },
    from: {
      type: 'source',
      flag: true,
      shown: '<outside|pod:name.namespace>',
      about: 'where from; outside unless told',
    },
    host: { type: 'word', flag: true, about: 'the Host header, where it is not the address’s own' },
    header: { type: 'pairs', flag: true, shown: '<name=value>', about: 'a header; may be given more than once' },
    method: { type: 'word', flag: true, about: `${METHODS.join(', ')}; GET unless told` },
  },
  examples: [
    { line: 'curl productpage/productpage', says: 'through the ingress gateway' },
    { line: 'curl reviews/reviews/0 --from pod:ratings', says: 'from a pod of ratings' },
    { line: 'curl productpage/productpage --header end-user=jason', says: 'as user jason' },
  ],
  notes: ['Cookies, tokens and keys in the answer are not shown. Long bodies are cut.'],
  async answer(values, context) {
    const method = (values.method ?? 'GET').toUpperCase();
    if (!METHODS.includes(method))
      return sorry(`${method} is not sent: curl changes nothing. Use ${METHODS.join(', ')}.`);
    const bad = (values.header ?? []).map(({ name }) => refusedHeader(name)).find(why => why !== undefined);
    if (bad !== undefined) return sorry(bad);
    const from = sourceOf(values.from ?? { kind: 'gateway' }, context);
    if (typeof from === 'string') return sorry(from);
    const headers = Object.fromEntries((values.header ?? []).map(({ name, value }) => [name.toLowerCase(), value]));
    const url = serviceUrl(values.url, values.host, from, context);
    if (url === undefined)
      return sorry(`${values.host} cannot be a Host header. Write a host name, with a port if need be.`);
    const own = values.host !== undefined && from.kind === 'pod' ? { host: values.host } : {};
    const request: ProbeRequest = { from, method, url, headers: { ...headers, ...own }, timeout: TIMEOUT };
    try {
      return answerView(request, await context.probe.send(request), insideHint('curl', values.url, from, context));
    } catch (error) {
      if (error instanceof ProbeError) return sorry(error.message);
      throw error;
    }
  },
});

function sorry(text: string): View {
  return { text, parts: [{ kind: 'text', text }] };
}

function answerView(request: ProbeRequest, answer: ProbeAnswer, hint: Phrase | undefined): View {
  const place = request.from.kind === 'gateway' ? 'outside' : `pod ${request.from.pod}.${request.from.namespace}`;
  const status = answer.status === 0 ? 'no answer' : `${answer.status}`;
  const took = `${Math.round(answer.took)} ms`;
  const headers = Object.entries(redactHeaders(answer.headers)).map(([name, value]) => `${name}: ${value}`);
  const body = redactText(answer.body);
  const cut = answer.truncated || body.length > SHOWN;
  const parts: Part[] = [
    {
      kind: 'fields',
      fields: [
        { name: 'Asked', value: [{ code: `${request.method} ${request.url}` }] },
        { name: 'From', value: place },
        { name: 'Status', value: status },
        { name: 'Time', value: took },
      ],
    },
    ...(hint === undefined ? [] : [{ kind: 'text' as const, text: hint }]),
    ...(answer.error === undefined ? [] : [{ kind: 'text' as const, text: redactText(answer.error) }]),
    ...(headers.length > 0
      ? [{ kind: 'code' as const, language: 'http' as const, title: 'Headers', text: headers.join('\n') }]
      : []),
    ...(body === ''
      ? []
      : [{ kind: 'code' as const, language: 'text' as const, title: 'Body', text: body.slice(0, SHOWN) }]),
    ...(cut ? [{ kind: 'note' as const, text: `The body is cut at ${SHOWN} characters.` }] : []),
  ];
  return { text: `${request.method} ${request.url} from ${place}: ${status}, ${took}`, parts };
}
