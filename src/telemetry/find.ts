/**
 * The tracer and the Prometheus of a cluster, by the names that their usual installations give their Services. Says
 * where they are for who is in the cluster; nothing is asked.
 */
import type { World } from '../istio/world.ts';
import type { KubeObject } from '../object.ts';

type Server = 'jaeger' | 'tempo' | 'zipkin' | 'prometheus';

interface Candidate {
  server: Server;
  /** `namespace/name` of its Service. */
  service: string;
  /** `http://name.namespace:port`, with the path below which its API is. */
  url: string;
}

export interface FoundTelemetry {
  tracer?: Candidate;
  metrics?: Candidate;
  /** Others that would do as well: which of them is right, only the configuration can say. */
  others: Candidate[];
}

interface Port {
  name: string;
  port: number;
  target: unknown;
}

interface Usual {
  server: Server;
  name: RegExp;
  /** Of the Service's ports, those that its API may be at, the likeliest first. */
  ports: ((port: Port) => boolean)[];
  path?: string;
  /** Whether a Service of that name is what it seems. */
  holds?(selector: Record<string, unknown>): boolean;
}

const at = (number: number) => (port: Port) => port.port === number;
const to = (number: number) => (port: Port) => port.target === number;
const named = (name: string) => (port: Port) => port.name === name;

const isJaeger = ({ app, 'app.kubernetes.io/name': name }: Record<string, unknown>) => [app, name].includes('jaeger');

/** The likeliest first. */
const USUAL: Usual[] = [
  // Istio's addons put `tracing` before whichever tracer is installed; their Jaeger serves below /jaeger.
  { server: 'jaeger', name: /^tracing$/, ports: [to(16686)], path: '/jaeger' },
  { server: 'zipkin', name: /^tracing$/, ports: [to(9411)] },
  // A `zipkin` that leads to Jaeger only takes spans in; so does `jaeger-collector`, which is not looked for.
  { server: 'zipkin', name: /^zipkin$/, ports: [at(9411)], holds: selector => !isJaeger(selector) },
  {
    server: 'jaeger',
    name: /^(.+-)?jaeger-query$|^jaeger(-all-in-one)?$/,
    ports: [at(16686), to(16686), named('http-query'), named('query')],
  },
  {
    server: 'tempo',
    name: /^(.+-)?tempo-query-frontend$|^(.+-)?tempo$/,
    ports: [at(3200), named('tempo-prom-metrics'), named('http-metrics'), at(3100)],
  },
  { server: 'prometheus', name: /^prometheus$/, ports: [at(9090), named('http-prometheus'), at(80)] },
  { server: 'prometheus', name: /^(.+-)?prometheus-server$/, ports: [named('http'), at(80), at(9090)] },
  {
    server: 'prometheus',
    name: /^(.+-)?kube-prometheus-(stack-)?prometheus$|^prometheus-(k8s|operated)$/,
    ports: [at(9090), named('http-web'), named('web')],
  },
  {
    server: 'prometheus',
    name: /^(.+-)?thanos-(query-frontend|query|querier)$/,
    ports: [at(9090), at(10902), named('http')],
  },
  {
    server: 'prometheus',
    name: /^(.+-)?mimir(-nginx|-gateway|-query-frontend)?$/,
    ports: [at(80), at(8080), named('http-metrics')],
    path: '/prometheus',
  },
];

/** Pure. Looks in Istio's root namespace and in those that are usual, and nowhere else. */
export function findTelemetry(world: World): FoundTelemetry {
  const places = ['tracing', 'observability', 'monitoring', 'prometheus', 'mimir', 'thanos', 'tempo', 'jaeger'];
  const namespaces = [...new Set([world.rootNamespace, 'istio-system', ...places])];
  const services = namespaces.flatMap(namespace => world.inNamespace('Service', namespace).sort(byName));
  const found = USUAL.flatMap(usual => services.flatMap(service => candidateOf(usual, service) ?? []));
  const tracer = found.find(({ server }) => server !== 'prometheus');
  const metrics = found.find(({ server }) => server === 'prometheus');
  return {
    ...(tracer && { tracer }),
    ...(metrics && { metrics }),
    others: found.filter(each => each !== tracer && each !== metrics && each.service !== tracer?.service),
  };
}

function candidateOf({ server, name, ports, path = '', holds }: Usual, service: KubeObject): Candidate | undefined {
  const { name: own, namespace = '' } = service.metadata;
  const { selector = {}, type } = service.spec ?? {};
  // Where an ExternalName leads, only its owner knows.
  if (!name.test(own) || type === 'ExternalName') return undefined;
  if (holds && !holds(selector as Record<string, unknown>)) return undefined;
  const known = portsOf(service);
  const chosen = ports.map(fits => known.find(fits)).find(port => port !== undefined);
  return chosen && { server, service: `${namespace}/${own}`, url: `http://${own}.${namespace}:${chosen.port}${path}` };
}

function portsOf({ spec }: KubeObject): Port[] {
  const listed = Array.isArray(spec?.ports) ? spec.ports : [];
  return listed.flatMap(each => {
    if (typeof each !== 'object' || each === null || Array.isArray(each) || typeof each.port !== 'number') return [];
    return [{ name: String(each.name ?? ''), port: each.port, target: each.targetPort }];
  });
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.metadata.name.localeCompare(b.metadata.name, 'en');
}
