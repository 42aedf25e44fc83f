/** How Gateways are shown: whether they are on, what they listen for, where that goes. */
import { sharesIn } from '../../src/istio/edit/gateway/answers.ts';
import { type Described, describeGateway } from '../../src/istio/edit/gateway/describe.ts';
import { nameOf } from '../../src/istio/edit/gateway/meant.ts';
import { percent } from '../../src/istio/percent.ts';
import type { World } from '../../src/istio/world.ts';
import { refKey, refOf } from '../../src/object.ts';
import type { Part, Phrase, View } from '../../src/view.ts';
import type { Switch } from './gateway-switch.ts';

/** Rows of a table; nobody reads more of it. */
const ROWS = 30;

export function overviewOf(world: World, reader: string): View {
  const all = world.all('Gateway').sort((a, b) => (nameOf(a, reader) < nameOf(b, reader) ? -1 : 1));
  if (all.length === 0) {
    const text = 'There is no Gateway that meshbot knows of.';
    return { text, parts: [{ kind: 'text', text }] };
  }
  const told = all.map(gateway => ({ name: nameOf(gateway, reader), ...describeOf(world, gateway) }));
  const off = told.filter(each => each.off).length;
  return {
    text: `${all.length} Gateways, ${off === 0 ? 'all on' : `${off} switched off`}.`,
    parts: [
      { kind: 'heading', text: 'Gateways' },
      {
        kind: 'table',
        columns: [
          { title: 'Gateway' },
          { title: 'is' },
          { title: 'listens for' },
          { title: 'pods Ready', align: 'right' },
        ],
        rows: told
          .slice(0, ROWS)
          .map(({ name, off, hosts, pods }): Phrase[] => [
            [{ code: name }],
            off ? [{ bold: 'off' }] : 'on',
            hosts,
            pods,
          ]),
      },
      ...(told.length > ROWS ? [{ kind: 'note' as const, text: `and ${told.length - ROWS} more` }] : []),
      { kind: 'note', text: [{ code: 'gateway status <name>' }, ' tells more of one.'] },
    ],
  };
}

function describeOf(world: World, gateway: Parameters<typeof describeGateway>[1]) {
  const { off, servers, pods } = describeGateway(world, gateway);
  const hosts = servers.map(server => `${hostsIn(server.hosts)} at ${server.port}`).join('; ');
  return { off, hosts, pods: `${pods.filter(({ ready }) => ready).length} of ${pods.length}` };
}

/** `On: 2 of 2 pods Ready`, or since when and by which change it is off. */
export function stateOf({ off, pods }: Described, last: Switch | undefined): Phrase {
  const ready = pods.filter(each => each.ready).length;
  const behind = `${ready} of ${pods.length} pods Ready.`;
  if (!off) {
    return ready > 0
      ? ['🟢 ', { bold: 'On.' }, ` ${behind}`]
      : ['⚠️ ', { bold: 'On, but nobody listens:' }, ` ${pods.length === 0 ? 'no pod is known.' : behind}`];
  }
  if (!last?.off) return ['🔴 ', { bold: 'Switched off' }, ', by no change that meshbot still has.'];
  const { by, at, change } = last;
  return ['🔴 ', { bold: 'Switched off' }, ' by ', { person: by }, ' ', { time: at }, ' (', { code: change }, ').'];
}

/** A chat's message may have one table, and where requests go needs it more. */
export function serversList({ servers }: Described): Part {
  const items = servers.map(({ port, protocol, hosts, tls }): Phrase => {
    const how = tls === '' ? '' : ` (${tls})`;
    return ['Port ', { bold: String(port) }, `, ${protocol}${how}: ${hostsIn(hosts)}`];
  });
  return { kind: 'bullets', items: items.length > 0 ? items : ['It has no server, and so listens nowhere.'] };
}

/** `rates`: requests/s by fully qualified host, where they are known. A service behind several routes is counted once. */
export function waysTable({ ways }: Described, reader: string, rates: Map<string, number> | undefined): Part[] {
  if (ways.length === 0) return [];
  const lines: Phrase[] = [...(rates ?? [])].map(([host, rate]) => [
    { bold: `${Math.round(rate * 100) / 100} requests/s` },
    ` to ${host.split('.').slice(0, 2).join('.')}, over the last two minutes`,
  ]);
  const rows = ways.slice(0, ROWS).flatMap(({ entrance, answer }): Phrase[][] => {
    return [...sharesIn(answer, reader)].map(([destination, share]) => [
      entrance.says.replace(/^for /, ''),
      share === 100 ? destination : `${percent(share)} to ${destination}`,
      refKey(refOf(entrance.root)).replace('VirtualService/', ''),
    ]);
  });
  return [
    ...(lines.length > 0 ? [{ kind: 'bullets' as const, items: lines }] : []),
    {
      kind: 'table',
      columns: [{ title: 'Requests for' }, { title: 'go to' }, { title: 'By VirtualService' }],
      rows,
    },
    ...(ways.length > ROWS ? [{ kind: 'note' as const, text: `and ${ways.length - ROWS} more ways in` }] : []),
  ];
}

function hostsIn(hosts: string[]): string {
  return hosts.map(host => (host === '*' ? 'any host' : host)).join(', ');
}
