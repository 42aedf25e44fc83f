/** The objects of a case: VirtualServices and their delegates, DestinationRules, Gateways, ServiceEntries. */
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { type Made, NAMESPACES, serviceHost } from '../case.ts';
import type { Draw } from '../random.ts';
import { object } from '../surroundings.ts';
import type { Surround } from './action.ts';
import { action, forward, headers } from './action.ts';
import { match } from './match.ts';

const NETWORKING = 'networking.istio.io/v1';
const { a, b, c, gate, root } = NAMESPACES;

export function made(draw: Draw, kind: string, name: string, namespace: string, spec: JsonObject): Made {
  return { object: object(NETWORKING, kind, name, namespace, {}, { spec }) as KubeObject, young: draw.often(50) };
}

function exportTo(draw: Draw, percent: number): JsonObject {
  return draw.maybe(percent, () => ({ exportTo: draw.pick([['.'], ['*'], [a], [b, a], ['.', c], [gate]]) }));
}

/** Rules for reviews in the namespaces of its clients, of itself and of the whole mesh; some cover several hosts. */
export function destinationRules(draw: Draw, slot: string, external: boolean): Made[] {
  const host = serviceHost(`reviews-${slot}`, b);
  const half = `reviews-${slot}.${b}`;
  const rules: Made[] = [];
  const add = (percent: number, name: string, namespace: string, named: string) => {
    if (!draw.often(percent)) return;
    const spec = { host: named, ...subsets(draw), ...policy(draw), ...exportTo(draw, 20) };
    rules.push(made(draw, 'DestinationRule', `${name}-${slot}`, namespace, spec));
  };
  add(85, 'reviews', b, draw.pick([host, host, host, `reviews-${slot}`, `reviews-${slot}`, `reviews-${slot}`, half]));
  add(12, 'reviews-more', b, host);
  add(14, 'reviews', a, host);
  add(10, 'reviews', c, draw.pick([host, `reviews-${slot}`]));
  add(12, 'reviews', root, host);
  add(8, 'wide', b, `*-${slot}.${b}.svc.cluster.local`);
  add(5, 'wide', a, `*-${slot}.${b}.svc.cluster.local`);
  add(10, 'at-gate', gate, host);
  add(30, 'other', c, serviceHost(`reviews-${slot}`, c));
  add(25, 'ratings', b, serviceHost(`ratings-${slot}`, b));
  if (external)
    add(
      50,
      'external',
      draw.pick([a, b]),
      draw.pick([`${slot}.example.com`, '*.example.com'.replace('*', `*.${slot}`)]),
    );
  return rules;
}

function subsets(draw: Draw): JsonObject {
  const names = draw.some(['v1', 'v2', 'v3', 'v4'], 0, 4);
  const list: JsonObject[] = names.map(version => ({ name: version, labels: { version } }));
  if (draw.often(25)) list.push({ name: 'odd', labels: { version: draw.pick(['v1', 'v2', 'v9']) } });
  if (draw.often(5)) list.push({ name: 'all' });
  return list.length > 0 ? { subsets: list } : {};
}

function policy(draw: Draw): JsonObject {
  return draw.maybe(20, () => ({
    trafficPolicy: draw.pick<JsonObject>([
      { loadBalancer: { simple: 'ROUND_ROBIN' } },
      { loadBalancer: { simple: 'RANDOM' } },
      { connectionPool: { http: { maxRequestsPerConnection: 10 } } },
      { loadBalancer: { consistentHash: { httpHeaderName: 'end-user' } } },
    ]),
  }));
}

export function serviceEntry(draw: Draw, slot: string): Made {
  const namespace = draw.pick([a, b]);
  const spec = {
    hosts: draw.pick([[`${slot}.example.com`], [`${slot}.example.com`, `more.${slot}.example.com`]]),
    ports: [{ number: 80, name: 'http', protocol: 'HTTP', ...draw.maybe(70, () => ({ targetPort: 8085 })) }],
    location: draw.pick(['MESH_EXTERNAL', 'MESH_INTERNAL']),
    ...draw.pick<JsonObject>([
      { resolution: 'STATIC', workloadSelector: { labels: { app: 'echo' } } },
      { resolution: 'STATIC', workloadSelector: { labels: { app: 'echo', version: 'v1' } } },
      {
        resolution: 'DNS',
        endpoints: [{ address: `landing.${b}.svc.cluster.local`, ports: { http: 80 }, labels: { version: 'v1' } }],
      },
    ]),
    ...exportTo(draw, 25),
  };
  return made(draw, 'ServiceEntry', `external-${slot}`, namespace, spec);
}

/** `always`: hosts of its first server. */
export function gateway(draw: Draw, slot: string, name: string, always: string[] = []): Made {
  const host = () =>
    draw.pick([
      `${slot}.example.com`,
      `*.${slot}.example.com`,
      `shop.${slot}.example.com`,
      `${b}/shop.${slot}.example.com`,
      `./${slot}.example.com`,
    ]);
  const servers = Array.from({ length: draw.pick([1, 1, 2]) }, (_, index) => ({
    port: {
      number: draw.pick([80, 80, 80, 8000]),
      name: `http-${index}`,
      protocol: draw.pick(['HTTP', 'HTTP', 'HTTP2']),
    },
    hosts: [...new Set([...(index === 0 ? always : []), host(), ...(draw.often(40) ? [host()] : [])])],
    ...draw.maybe(7, () => ({ tls: { httpsRedirect: true } })),
  }));
  return made(draw, 'Gateway', `${name}-${slot}`, draw.pick([gate, gate, b]), {
    selector: { istio: 'truth-gate' },
    servers,
  });
}

/** With the delegates that its routes ask for. */
export function virtualService(
  draw: Draw,
  name: string,
  hosts: string[],
  gateways: string[] | undefined,
  around: Surround,
): Made[] {
  const delegates: Made[] = [];
  const bound = gateways ?? ['mesh'];
  const conditions = () =>
    draw.maybe(88, () => ({ match: Array.from({ length: draw.pick([1, 1, 2, 3]) }, () => match(draw, hosts, bound)) }));
  const http = Array.from({ length: draw.pick([1, 2, 2, 3, 4]) }, (_, index): JsonObject => {
    const named = draw.maybe(20, () => ({ name: `route-${index}` }));
    if (!draw.often(7)) return { ...named, ...conditions(), ...action(draw, around) };
    const child = `${name}-leaf${index}`;
    const home = draw.pick([around.namespace, c]);
    const leaves = Array.from({ length: draw.int(1, 2) }, () => ({
      ...conditions(),
      ...action(draw, { ...around, namespace: home }),
    }));
    delegates.push(made(draw, 'VirtualService', child, home, { http: leaves, ...exportTo(draw, 20) }));
    return {
      ...named,
      ...conditions(),
      delegate: { name: child, ...(home === around.namespace && draw.often(50) ? {} : { namespace: home }) },
      ...draw.maybe(25, () => ({ headers: headers(draw, true) })),
      ...draw.maybe(25, () => ({ timeout: '2s' })),
    };
  });
  if (draw.often(65)) http.push(forward(draw, around));
  const spec = { hosts, ...(gateways ? { gateways } : {}), http, ...exportTo(draw, 18) };
  return [made(draw, 'VirtualService', name, around.namespace, spec), ...delegates];
}
