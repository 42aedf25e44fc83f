/** Drawn VirtualServices of reviews and requests to it, and what the world is after some writes: for properties of edits. */
import fc from 'fast-check';
import { planUndo } from '../../../src/istio/edit/undo.ts';
import { Overlay } from '../../../src/istio/overlay.ts';
import { matchable, matches } from '../../../src/istio/route/match.ts';
import { route } from '../../../src/istio/route/route.ts';
import type { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { REVIEWS } from './mesh.ts';

const MARKER = 'meshbot.dev/change';

const text = (...values: string[]) =>
  fc.constantFrom<JsonObject>(
    ...values.flatMap((value): JsonObject[] => [
      { exact: value },
      { prefix: value.slice(0, 3) },
      { regex: `${value}.*` },
    ]),
  );

const filled = (block: JsonObject) => Object.keys(block).length > 0;

/** One block of a match: never empty. */
export const blocks: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      uri: text('/api', '/api/beta', '/beta'),
      method: fc.constantFrom<JsonObject>({ exact: 'GET' }, { exact: 'POST' }),
      headers: fc
        .dictionary(fc.constantFrom('end-user', 'x-beta'), fc.oneof(text('mina', 'jason'), fc.constant({})), {
          maxKeys: 2,
        })
        .filter(filled) as fc.Arbitrary<JsonObject>,
      sourceLabels: fc.constantFrom<JsonObject>({ app: 'productpage' }, { app: 'ratings' }),
    },
    { requiredKeys: [] },
  )
  .filter(filled);

const to = fc
  .constantFrom('v1', 'v2', 'v3')
  .map((subset): JsonObject => ({ route: [{ destination: { host: 'reviews', subset } }] }));

const extras: fc.Arbitrary<JsonObject> = fc.record(
  {
    timeout: fc.constantFrom('1s', '2s'),
    retries: fc.constant<JsonObject>({ attempts: 0 }),
    unknownToAnybody: fc.jsonValue() as fc.Arbitrary<JsonObject>,
  },
  { requiredKeys: [] },
);

/** Routes with matches, and a last one for all other requests. */
export const specs: fc.Arbitrary<JsonObject> = fc
  .record({
    before: fc.array(
      fc
        .record({ match: fc.array(blocks, { minLength: 1, maxLength: 2 }), to, more: extras })
        .map(({ match, to: there, more }): JsonObject => ({ ...more, match, ...there })),
      { maxLength: 4 },
    ),
    last: fc.record({ to, more: extras }).map(({ to: there, more }): JsonObject => ({ ...more, ...there })),
  })
  .map(({ before, last }): JsonObject => ({ hosts: ['reviews'], exportTo: ['*'], http: [...before, last] }));

export interface Drawn {
  path: string;
  method: string;
  app: string;
  headers: Record<string, string>;
}

export const requests: fc.Arbitrary<Drawn> = fc.record({
  path: fc.constantFrom('/', '/api', '/api/beta', '/api/other', '/beta', '/beta/x'),
  method: fc.constantFrom('GET', 'POST'),
  app: fc.constantFrom('productpage', 'ratings', 'curl'),
  headers: fc.dictionary(fc.constantFrom('end-user', 'x-beta'), fc.constantFrom('mina', 'minato', 'jason', 'jan', '')),
});

/** The request, changed so that it meets a block: its values are what drawn matchers ask for. */
export function meeting(block: JsonObject, request: Drawn): Drawn {
  const wantedBy = (matcher: unknown, before: string): string => {
    const { exact, prefix, regex } = (matcher ?? {}) as { exact?: string; prefix?: string; regex?: string };
    return exact ?? (prefix === undefined ? regex?.replace('.*', '') : `${prefix}o`) ?? before;
  };
  const headers = Object.entries((block.headers ?? {}) as JsonObject);
  return {
    path: wantedBy(block.uri, request.path),
    method: wantedBy(block.method, request.method),
    app: (block.sourceLabels as { app?: string } | undefined)?.app ?? request.app,
    headers: {
      ...request.headers,
      ...Object.fromEntries(headers.map(([name, matcher]) => [name, wantedBy(matcher, request.headers[name] ?? '')])),
    },
  };
}

/** The subset that a request goes to. */
export function versionFor(world: World, { path, method, app, headers }: Drawn): string | undefined {
  const from = { kind: 'sidecar' as const, namespace: 'default', labels: { app } };
  const decision = route(world, { from, host: REVIEWS, port: 9080, path, method, scheme: 'http', headers });
  return decision.kind === 'forward' ? decision.destinations[0]?.subset : decision.kind;
}

/** As the API server and the change room leave an object: a new resourceVersion, and the marker. */
export function applied(world: World, writes: Write[], change: string): World {
  return new Overlay(
    world,
    writes.map(({ ref, after }) => {
      if (!after) return { ref };
      const { annotations, ...metadata } = after.metadata;
      const marked = { ...metadata, resourceVersion: `${change}-1`, annotations: { ...annotations, [MARKER]: change } };
      return { ref, after: { ...after, metadata: marked } };
    }),
  );
}

/** The objects of some writes before them, and after they were written and taken back. */
export function undone(world: World, writes: Write[]): { was: unknown; is: unknown }[] {
  const done = applied(world, writes, 'change-1');
  const back = planUndo(done, writes, MARKER);
  if (back.kind !== 'edit') throw new Error(back.kind);
  const after = applied(done, back.writes, 'undo-1');
  return writes.map(({ ref, before }) => ({
    was: withoutMarks(before),
    is: withoutMarks(after.get(ref.kind, ref.namespace, ref.name)),
  }));
}

function withoutMarks(object: KubeObject | undefined): unknown {
  if (!object) return undefined;
  const { resourceVersion: _, annotations = {}, ...metadata } = object.metadata;
  const { [MARKER]: __, ...kept } = annotations;
  return { ...object, metadata: { ...metadata, annotations: kept } };
}

/** Whether a request meets a block, its sender included. */
export function meets(block: JsonObject, { path, method, app, headers }: Drawn): boolean {
  const from = { kind: 'sidecar' as const, namespace: 'default', labels: { app } };
  const source = (block.sourceLabels as { app?: string } | undefined)?.app ?? app;
  const request = { from, host: REVIEWS, port: 9080, path, method, scheme: 'http' as const, headers };
  return source === app && matches(block, matchable(request));
}
