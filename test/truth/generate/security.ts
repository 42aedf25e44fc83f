/** Who may call the guarded Service of a slot: AuthorizationPolicies, and the TLS that its clients speak. */
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { type Made, NAMESPACES, serviceHost } from '../case.ts';
import type { Draw } from '../random.ts';
import { CASE_HEADER, GUARD, object } from '../surroundings.ts';
import { PATHS } from './words.ts';

const { a, b, c, gate } = NAMESPACES;

export function policies(draw: Draw, slot: string): Made[] {
  const made: Made[] = Array.from({ length: draw.pick([1, 1, 2, 3]) }, (_, index) => ({
    object: policy(draw, slot, `policy${index}-${slot}`),
    young: draw.often(50),
  }));
  if (draw.often(40)) {
    const host = serviceHost(`guarded-${slot}`, c);
    const spec = { host, trafficPolicy: { tls: { mode: draw.pick(['DISABLE', 'ISTIO_MUTUAL']) } } };
    const namespace = draw.pick([a, b, c, gate]);
    const rule = object('networking.istio.io/v1', 'DestinationRule', `guarded-${slot}`, namespace, {}, { spec });
    made.push({ object: rule, young: draw.often(50) });
  }
  return made;
}

function policy(draw: Draw, slot: string, name: string): KubeObject {
  const own = { key: `request.headers[${CASE_HEADER}]`, values: [slot] };
  const rules = Array.from({ length: draw.int(1, 2) }, () => {
    const { when = [], ...rest } = rule(draw, slot);
    return { ...rest, when: [...(when as JsonObject[]), own] };
  });
  return object(
    'security.istio.io/v1',
    'AuthorizationPolicy',
    name,
    c,
    {},
    {
      spec: { selector: { matchLabels: { app: GUARD } }, action: draw.pick(['ALLOW', 'ALLOW', 'DENY']), rules },
    },
  );
}

function rule(draw: Draw, slot: string): JsonObject {
  return {
    ...draw.maybe(55, () => ({ from: Array.from({ length: draw.int(1, 2) }, () => ({ source: source(draw) })) })),
    ...draw.maybe(60, () => ({
      to: Array.from({ length: draw.int(1, 2) }, () => ({ operation: operation(draw, slot) })),
    })),
    ...draw.maybe(30, () => ({ when: [condition(draw)] })),
  };
}

/** Some of a list, or none but these. */
function either(draw: Draw, field: string, values: string[]): JsonObject {
  const not = `not${field[0]!.toUpperCase()}${field.slice(1)}`;
  return { [draw.often(75) ? field : not]: draw.some(values, 1, 2) };
}

function source(draw: Draw): JsonObject {
  const principals = [a, b, gate].map(each => `cluster.local/ns/${each}/sa/default`);
  return draw.often(50)
    ? either(draw, 'principals', [...principals, '*', `cluster.local/ns/${a}/*`, '*/sa/default'])
    : either(draw, 'namespaces', [a, b, gate, 'truth-*', '*-b']);
}

function operation(draw: Draw, slot: string): JsonObject {
  const host = serviceHost(`guarded-${slot}`, c);
  const made = {
    ...draw.maybe(45, () => either(draw, 'paths', [...PATHS, '/reviews*', '*more', '*', '/inner*'])),
    ...draw.maybe(40, () => either(draw, 'methods', ['GET', 'POST', 'P*'])),
    ...draw.maybe(25, () =>
      either(draw, 'hosts', [
        host,
        host.toUpperCase(),
        `guarded-${slot}.${c}`,
        '*.example.com',
        `${host}:80`,
        'guarded-*',
      ]),
    ),
    ...draw.maybe(15, () => either(draw, 'ports', ['8080', '80'])),
  };
  return Object.keys(made).length > 0 ? made : { methods: ['GET'] };
}

function condition(draw: Draw): JsonObject {
  return draw.pick<JsonObject>([
    { key: 'request.headers[end-user]', values: ['jason', 'ma*'] },
    { key: 'request.headers[x-canary]', notValues: ['always'] },
    { key: 'request.headers[cookie]', values: ['*'] },
    { key: 'source.namespace', values: [a] },
    { key: 'source.principal', notValues: [`cluster.local/ns/${b}/sa/default`] },
    { key: 'destination.port', values: ['8080'] },
  ]);
}
