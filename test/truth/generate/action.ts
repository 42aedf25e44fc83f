/** What routes do: destinations by weight, rewrites, redirects, answers of their own, headers, faults, limits, mirrors. */
import type { JsonObject } from '../../../src/object.ts';
import { NAMESPACES, serviceHost } from '../case.ts';
import type { Draw } from '../random.ts';

/** Host and subsets that a destination may name. */
export interface Known {
  host: string;
  subsets: string[];
  ports: number[];
}

export interface Surround {
  slot: string;
  /** Of the VirtualService. */
  namespace: string;
  /** There is a ServiceEntry of `<slot>.example.com`. */
  external: boolean;
  /** There are policies for `guarded-<slot>`. */
  guarded: boolean;
  /** Where routes may lead; absent: to all of the slot. */
  known?: Known[];
}

export function action(draw: Draw, around: Surround): JsonObject {
  const kind = draw.int(1, 100);
  const about = () => ({
    ...draw.maybe(25, () => ({ headers: headers(draw, false) })),
    ...draw.maybe(8, () => ({ corsPolicy: cors(draw) })),
  });
  if (kind <= 9) return { redirect: redirect(draw), ...about() };
  if (kind <= 18) return { directResponse: direct(draw), ...about() };
  return forward(draw, around);
}

export function forward(draw: Draw, around: Surround): JsonObject {
  const count = draw.pick([1, 1, 1, 2, 2, 3]);
  const list = Array.from({ length: count }, () => ({
    destination: destination(draw, around),
    ...draw.maybe(15, () => ({ headers: headers(draw, true) })),
  }));
  const weights = count === 1 ? (draw.often(70) ? [undefined] : [draw.pick([0, 1, 100])]) : spread(draw, count);
  const route = list.map((each, index) => (weights[index] === undefined ? each : { ...each, weight: weights[index] }));
  return {
    route,
    ...draw.maybe(20, () => ({ rewrite: rewrite(draw, around) })),
    ...draw.maybe(20, () => ({ headers: headers(draw, true) })),
    ...draw.maybe(12, () => ({ timeout: draw.pick(['250ms', '0.4s', '2s']) })),
    ...draw.maybe(12, () => ({ retries: retries(draw) })),
    ...draw.maybe(12, () => ({ fault: fault(draw) })),
    ...draw.maybe(12, () => mirror(draw, around)),
    ...draw.maybe(9, () => ({ corsPolicy: cors(draw) })),
  };
}

function destination(draw: Draw, around: Surround): JsonObject {
  const { host, subsets, ports } = draw.pick(around.known ?? known(around));
  return {
    host,
    ...draw.maybe(subsets.length > 0 ? 65 : 0, () => ({ subset: draw.pick(subsets) })),
    ...draw.maybe(20, () => ({ port: { number: draw.pick(ports) } })),
  };
}

/** The Services of the slot that are soundest come more often. */
function known({ slot, namespace, external, guarded }: Surround): Known[] {
  const { a, b, c } = NAMESPACES;
  const versions = ['v1', 'v2', 'v3'];
  const main = (host: string): Known => ({
    host,
    subsets: [...versions, ...versions, 'odd', 'v4'],
    ports: [80, 80, 8000],
  });
  const found: Known[] = [
    ...Array.from({ length: 4 }, () => main(serviceHost(`reviews-${slot}`, b))),
    { host: serviceHost(`ratings-${slot}`, b), subsets: ['v1', 'v2'], ports: [80] },
    { host: serviceHost(`reviews-${slot}`, c), subsets: ['v1', 'v2'], ports: [80] },
    { host: serviceHost(`details-${slot}`, a), subsets: [], ports: [80] },
    { host: serviceHost(`empty-${slot}`, c), subsets: [], ports: [80] },
    { host: `reviews-${slot}.${b}`, subsets: versions, ports: [80] },
    { host: `nobody-${slot}`, subsets: [], ports: [80] },
  ];
  if (namespace !== NAMESPACES.gate && namespace !== NAMESPACES.a) {
    for (let more = 0; more < 3; more += 1) found.push(main(`reviews-${slot}`));
  }
  if (guarded)
    for (let more = 0; more < 4; more += 1)
      found.push({ host: serviceHost(`guarded-${slot}`, c), subsets: [], ports: [80] });
  if (external) found.push({ host: `${slot}.example.com`, subsets: ['v1', 'v2'], ports: [80] });
  return found;
}

function spread(draw: Draw, count: number): number[] {
  const weights = Array.from({ length: count }, () => draw.pick([0, 1, 10, 25, 30, 50, 75, 90, 120]));
  return weights.some(weight => weight > 0) ? weights : weights.map(() => 50);
}

function rewrite(draw: Draw, { slot }: Surround): JsonObject {
  if (draw.often(20)) {
    return {
      uriRegexRewrite: draw.pick([
        { match: '^/reviews/([0-9]+)(.*)$', rewrite: '/inner/\\1\\2' },
        { match: '/([a-z]+)', rewrite: '/x-\\1' },
        { match: 'e', rewrite: 'E' },
      ]),
    };
  }
  const uri = { uri: draw.pick(['/', '/inner', '/inner/', '/reviews/1', '/inner?from=rewrite']) };
  const authority = { authority: draw.pick([`inner-${slot}.example.com`, 'inner.example.com:8080']) };
  return draw.pick<JsonObject>([uri, uri, authority, { ...uri, ...authority }]);
}

function redirect(draw: Draw): JsonObject {
  const port = draw.pick<JsonObject>([
    {},
    {},
    { port: 80 },
    { port: 8443 },
    { derivePort: 'FROM_REQUEST_PORT' },
    { derivePort: 'FROM_PROTOCOL_DEFAULT' },
  ]);
  return {
    uri: draw.pick(['/new', '/new?x=1', '/']),
    ...draw.maybe(50, () => ({ authority: draw.pick(['new.example.com', 'new.example.com:8080']) })),
    ...draw.maybe(30, () => ({ scheme: draw.pick(['https', 'http']) })),
    ...draw.maybe(40, () => ({ redirectCode: draw.pick([301, 302, 303, 307, 308]) })),
    ...port,
  };
}

function direct(draw: Draw): JsonObject {
  return {
    status: draw.pick([200, 404, 503, 418]),
    ...draw.maybe(60, () => ({ body: draw.pick([{ string: 'said by the mesh' }, { bytes: btoa('said in bytes') }]) })),
  };
}

export function headers(draw: Draw, request: boolean): JsonObject {
  const ops = (names: string[]): JsonObject => ({
    ...draw.maybe(50, () => ({
      set: Object.fromEntries(draw.some(names, 1, 2).map(name => [name, draw.pick(['set', 'also set'])])),
    })),
    ...draw.maybe(50, () => ({
      add: Object.fromEntries(draw.some(names, 1, 2).map(name => [name, draw.pick(['added', 'more'])])),
    })),
    ...draw.maybe(35, () => ({ remove: draw.some(names, 1, 1) })),
  });
  const wanted = ops(['x-a', 'x-b', 'end-user', 'x-canary']);
  const host = draw.often(5)
    ? { set: { ...(wanted.set as JsonObject), [draw.pick(['Host', ':authority', 'host'])]: 'host.example.com' } }
    : {};
  return {
    ...(request ? draw.maybe(75, () => ({ request: { ...wanted, ...host } })) : {}),
    ...draw.maybe(request ? 50 : 100, () => ({ response: ops(['x-r', 'x-s', 'x-t']) })),
  };
}

function retries(draw: Draw): JsonObject {
  if (draw.often(15)) return { attempts: 0 };
  return {
    attempts: draw.int(1, 3),
    ...draw.maybe(30, () => ({ perTryTimeout: draw.pick(['200ms', '1s']) })),
    ...draw.maybe(75, () => ({
      retryOn: draw.pick([
        '5xx',
        'gateway-error',
        'retriable-4xx',
        'connect-failure',
        '503',
        'gateway-error,retriable-4xx',
        'reset',
        '5xx,404',
      ]),
    })),
  };
}

function fault(draw: Draw): JsonObject {
  const percentage = (): JsonObject =>
    draw.pick<JsonObject>([
      {},
      { percentage: { value: 100 } },
      { percentage: { value: 100 } },
      { percentage: { value: 50 } },
      { percentage: { value: 30 } },
      { percentage: {} },
    ]);
  const delay = { delay: { fixedDelay: draw.pick(['200ms', '0.3s']), ...percentage() } };
  const abort = { abort: { ...percentage(), httpStatus: draw.pick([500, 503, 404, 429]) } };
  return draw.pick<JsonObject>([delay, abort, abort, { ...delay, ...abort }]);
}

function mirror(draw: Draw, around: Surround): JsonObject {
  if (draw.often(30)) {
    const mirrors = Array.from({ length: draw.int(1, 2) }, () => ({
      destination: destination(draw, around),
      ...draw.maybe(60, () => ({ percentage: { value: draw.pick([0, 50, 100]) } })),
    }));
    return { mirrors };
  }
  return {
    mirror: destination(draw, around),
    ...draw.pick<JsonObject>([
      {},
      {},
      { mirrorPercentage: { value: 50 } },
      { mirrorPercentage: { value: 0 } },
      { mirrorPercent: 40 },
    ]),
  };
}

function cors(draw: Draw): JsonObject {
  return {
    allowOrigins: [
      draw.pick([
        { exact: 'http://shop.example.com' },
        { prefix: 'http://shop' },
        { regex: 'https?://shop.*' },
        { exact: '*' },
        { regex: 'http://.*' },
      ]),
    ],
    allowMethods: ['GET', 'PUT'],
    ...draw.maybe(50, () => ({ allowHeaders: draw.pick([['x-a'], ['x-a', 'x-b']]) })),
    ...draw.maybe(40, () => ({ maxAge: draw.pick(['24h', '90s']) })),
    ...draw.maybe(30, () => ({ allowCredentials: draw.often(80) })),
    ...draw.maybe(40, () => ({ exposeHeaders: ['x-r'] })),
    ...draw.maybe(25, () => ({ unmatchedPreflights: draw.pick(['IGNORE', 'FORWARD']) })),
  };
}
