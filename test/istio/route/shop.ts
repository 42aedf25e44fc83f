/** A small shop to route in: manifests as YAML, and requests with little to say. */
import { loadAll } from 'js-yaml';
import type { Decision, Forward, None } from '../../../src/istio/route/decision.ts';
import type { MeshRequest } from '../../../src/istio/route/request.ts';
import { route } from '../../../src/istio/route/route.ts';
import { World } from '../../../src/istio/world.ts';
import type { KubeObject } from '../../../src/object.ts';

export const REVIEWS = 'reviews.default.svc.cluster.local';

/** Reviews in three versions of one ready pod each, ratings in one, a gateway's pod and Service. */
const SHOP = `
${service('reviews', 'default')}
---
${service('ratings', 'default')}
---
apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: istio-system }
spec:
  selector: { istio: ingressgateway }
  ports:
    - { name: http2, port: 80, targetPort: 8080 }
    - { name: https, port: 443, targetPort: 8443 }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: default }
spec:
  host: reviews
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
    - { name: v3, labels: { version: v3 } }
---
${['v1', 'v2', 'v3'].map(version => pod(`reviews-${version}`, { app: 'reviews', version })).join('\n---\n')}
---
${pod('ratings-v1', { app: 'ratings', version: 'v1' })}
`;

export function service(name: string, namespace: string, ports = '[{ name: http, port: 9080 }]'): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: ${ports} }`;
}

export function pod(name: string, labels: Record<string, string>, ready = true, namespace = 'default'): string {
  return `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: ${JSON.stringify(labels)} }
status: { conditions: [{ type: Ready, status: '${ready ? 'True' : 'False'}' }] }`;
}

/** A VirtualService of hosts [reviews] with these routes. `created` is a day of January. */
export function virtualService(
  http: string,
  { name = 'reviews', namespace = 'default', more = '', created = 1 } = {},
): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${namespace}, creationTimestamp: '2026-01-0${created}T00:00:00Z' }
spec:
  ${more === '' ? 'hosts: [reviews]' : more.trim().replaceAll('\n', '\n  ')}
  http:
    ${http.trim().replaceAll('\n', '\n    ')}`;
}

/** One route to a subset of reviews. */
export function to(subset: string, rest = ''): string {
  return `- ${rest === '' ? '' : `${rest.trim().replaceAll('\n', '\n  ')}\n  `}route: [{ destination: { host: ${REVIEWS}, subset: ${subset} } }]`;
}

export function objects(...yaml: string[]): KubeObject[] {
  return yaml.flatMap(each => loadAll(each) as KubeObject[]);
}

export function shop(...yaml: string[]): World {
  return new World(objects(SHOP, ...yaml));
}

type Asked = Partial<Omit<MeshRequest, 'from'>> & { labels?: Record<string, string>; namespace?: string };

/** From the product page to reviews, unless told otherwise. */
export function ask(
  world: World,
  { labels = { app: 'productpage' }, namespace = 'default', ...rest }: Asked = {},
): Decision {
  return route(world, { ...REQUEST, ...rest, from: { kind: 'sidecar', namespace, labels } });
}

/** From outside, through the gateway's port 80. */
export function askGateway(world: World, asked: Partial<Omit<MeshRequest, 'from'>> = {}): Decision {
  const port = asked.port ?? 80;
  const from = { kind: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' }, port } as const;
  return route(world, { ...REQUEST, host: 'shop.example.com', path: '/', ...asked, port, from });
}

const REQUEST = {
  host: 'reviews',
  port: 9080,
  path: '/reviews/0',
  method: 'GET',
  scheme: 'http',
  headers: {},
} as const;

/** Subset → share. Fails the test where the request is not forwarded. */
export function shares(decision: Decision): Record<string, number> {
  const { destinations } = forwarded(decision);
  return Object.fromEntries(destinations.map(each => [each.subset ?? each.host, each.share]));
}

export function forwarded(decision: Decision): Forward {
  if (decision.kind !== 'forward') throw new Error(`not forwarded but ${JSON.stringify(decision)}`);
  return decision;
}

export function none(decision: Decision): None {
  if (decision.kind !== 'none') throw new Error(`not refused but ${JSON.stringify(decision)}`);
  return decision;
}
