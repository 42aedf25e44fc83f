/** `gateway status shop`: what a Gateway listens for, where that goes, who stands behind it, and whether it is off. */
import { defineQuery, type QueryContext } from '../src/command.ts';
import { servicesIn } from '../src/istio/edit/gateway/answers.ts';
import { type Described, describeGateway } from '../src/istio/edit/gateway/describe.ts';
import { gatewayMeant, nameOf } from '../src/istio/edit/gateway/meant.ts';
import { senderOf } from '../src/istio/edit/gateway/pods.ts';
import { refKey, refOf } from '../src/object.ts';
import type { Part, Phrase, View } from '../src/view.ts';
import { lastSwitch } from './answers/gateway-switch.ts';
import { overviewOf, serversList, stateOf, waysTable } from './answers/gateway-view.ts';

/** Seconds over which rates are looked at. */
const WINDOW = 120;

export default defineQuery({
  verb: 'gateway status',
  summary: 'Show what comes in by a Gateway, and who answers',
  parameters: {
    name: { type: 'gateway', about: 'the Gateway: `name` or `namespace/name`; without it, all of them' },
  },
  examples: [
    { line: 'gateway status', says: 'all Gateways, on or off' },
    { line: 'gateway status bookinfo-gateway', says: 'its servers, pods, addresses, and where its requests go' },
  ],
  notes: ['Requests per second are those that the gateway’s own pods send, as Prometheus has them.'],
  async answer({ name }, context) {
    const { world, namespace } = context;
    if (name === undefined) return overviewOf(world, namespace);
    const meant = gatewayMeant(world, name, namespace);
    if (meant.kind !== 'gateway') return unclear(meant);
    const { gateway } = meant;
    const told = describeGateway(world, gateway);
    const state = stateOf(told, lastSwitch(context.changes, refKey(refOf(gateway))));
    const rates = await ratesOf(context, told);
    return {
      text: `Gateway ${nameOf(gateway, namespace)} is ${told.off ? 'off' : 'on'}.`,
      parts: [
        { kind: 'heading', text: `Gateway ${nameOf(gateway, namespace)}` },
        { kind: 'text', text: state },
        serversList(told),
        { kind: 'heading', text: told.off ? 'What comes in once it is on' : 'What comes in' },
        ...waysTable(told, namespace, rates),
        ...besides(told),
        { kind: 'heading', text: 'Pods' },
        { kind: 'bullets', items: podsOf(told) },
        ...addresses(told),
      ],
    };
  },
});

function unclear(meant: Exclude<ReturnType<typeof gatewayMeant>, { kind: 'gateway' }>): View {
  if (meant.kind === 'refused') {
    const [finding] = meant.findings;
    const text = [finding?.message, finding?.fix].filter(Boolean).join(' ');
    return { text, parts: [{ kind: 'text', text }] };
  }
  const named = meant.choices.flatMap(({ value }, index) => [...(index > 0 ? [', '] : []), { code: value }]);
  const text = 'More than one Gateway is called so.';
  return { text, parts: [{ kind: 'text', text: [text, ' Say which: ', ...named, '.'] }] };
}

/** Requests/s by fully qualified host; undefined where the metrics cannot be asked or know nothing. */
async function ratesOf({ metrics }: QueryContext, { ways }: Described): Promise<Map<string, number> | undefined> {
  const hosts = [...new Set(ways.flatMap(({ answer }) => servicesIn(answer)))];
  const [client] = ways.map(({ entrance }) => entrance.client);
  const sender = client && senderOf(client);
  if (!sender) return undefined;
  try {
    const counted = await Promise.all(
      hosts.map(async host => [host, await metrics.rateByVersion(host, WINDOW, sender)] as const),
    );
    const known = counted.flatMap(([host, rates]): [string, number][] =>
      rates ? [[host, Object.values(rates).reduce((sum, rate) => sum + rate, 0)]] : [],
    );
    return known.length > 0 ? new Map(known) : undefined;
  } catch {
    return undefined;
  }
}

function besides({ idle, others, ways }: Described): Part[] {
  const items: Phrase[] = [
    ...idle.map(
      (key): Phrase => [{ code: key }, ' is bound to it, and shares no host with it: nothing comes that way.'],
    ),
    ...others.map(
      ({ name, port, hosts }): Phrase => [
        { code: `Gateway/${name}` },
        ` answers at port ${port} of the same pods too, for ${hosts.map(host => (host === '*' ? 'any host' : host)).join(', ')}.`,
      ],
    ),
    ...(ways.length === 0 && idle.length === 0
      ? ['No VirtualService is bound to it: whatever it lets in gets 404.']
      : []),
  ];
  return items.length > 0 ? [{ kind: 'bullets', items }] : [];
}

function podsOf({ pods, selector }: Described): Phrase[] {
  const wanted = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
  const told = pods.slice(0, 20).map(({ name, ready, node, revision }): Phrase => {
    const where = [
      ...(node === undefined ? [] : [`on ${node}`]),
      ...(revision === undefined ? [] : [`revision ${revision}`]),
    ];
    return [
      { code: name },
      ` ${ready ? 'Ready' : 'not Ready'}`,
      ...(where.length > 0 ? [`, ${where.join(', ')}`] : []),
    ];
  });
  const more = pods.length > 20 ? [`and ${pods.length - 20} more`] : [];
  const none: Phrase[] = pods.length > 0 ? [] : ['meshbot knows of none that carries its labels.'];
  return [['Labels: ', { code: wanted.join(', ') || 'none: it is for every gateway' }], ...told, ...more, ...none];
}

function addresses({ addresses: found }: Described): Part[] {
  if (found.length === 0) return [];
  const text: Phrase = found.flatMap(
    ({ url, isPrivate, service }, index): Exclude<Phrase, string> => [
      index > 0 ? '; ' : 'Reached at ',
      { code: url },
      ` (${isPrivate ? 'a private address' : 'an address outside'}, ${service})`,
    ],
  );
  return [{ kind: 'note', text }];
}
