import { describe, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { MERGE, MESH_CHANGES, meshChange, meshChangeDefinition, reviews, start, VIRTUAL_SERVICES } from './local.ts';

const RULES = '/apis/networking.istio.io/v1/namespaces/default/destinationrules';
const GATEWAYS = '/apis/networking.istio.io/v1/namespaces/default/gateways';

function withTypo(): KubeObject {
  return reviews('reviews', { http: [{ rout: [], route: [{ destination: { host: 'reviews' } }] }] });
}

function routed(route: JsonObject): KubeObject {
  return reviews('reviews', { http: [{ route: [{ destination: { host: 'reviews' } }], ...route }] });
}

function rule(spec: JsonObject): KubeObject {
  return { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'reviews' }, spec };
}

describe('unknown fields', () => {
  test('are pruned, with a Warning', async () => {
    const { call } = await start();
    const answer = await call('POST', VIRTUAL_SERVICES, withTypo());
    expect(answer.code).toBe(201);
    expect(answer.headers.get('warning')).toBe('299 - "unknown field \\"spec.http[0].rout\\""');
    expect(answer.body.spec.http).toEqual([{ route: [{ destination: { host: 'reviews' } }] }]);
  });

  test('are pruned in silence under fieldValidation=Ignore', async () => {
    const { call } = await start();
    const answer = await call('POST', `${VIRTUAL_SERVICES}?fieldValidation=Ignore`, withTypo());
    expect([answer.code, answer.headers.get('warning')]).toEqual([201, null]);
  });

  test('are 400 under fieldValidation=Strict', async () => {
    const { call } = await start();
    const answer = await call('POST', `${VIRTUAL_SERVICES}?fieldValidation=Strict`, withTypo());
    expect(answer.code).toBe(400);
    expect(answer.body).toMatchObject({
      reason: 'BadRequest',
      message:
        'VirtualService in version "v1" cannot be handled as a VirtualService: strict decoding error: unknown field "spec.http[0].rout"',
    });
    expect((await call('GET', `${VIRTUAL_SERVICES}/reviews`)).code).toBe(404);
  });

  test('in a patch are 422 under fieldValidation=Strict, as of kube-apiserver', async () => {
    const { call } = await start();
    await call('POST', VIRTUAL_SERVICES, reviews());
    const path = `${VIRTUAL_SERVICES}/reviews?fieldValidation=Strict`;
    const answer = await call('PATCH', path, { spec: { htp: [] } }, MERGE);
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain('strict decoding error: unknown field "spec.htp"');
  });

  test('of metadata and of built-in kinds are known as well', async () => {
    const { call } = await start();
    const meta = { ...reviews(), metadata: { name: 'a', lables: {} } };
    const first = await call('POST', `${VIRTUAL_SERVICES}?fieldValidation=Strict`, meta);
    expect(first.body.message).toContain('unknown field "metadata.lables"');
    const service = { metadata: { name: 'a' }, spec: { port: [] } };
    const second = await call('POST', '/api/v1/namespaces/default/services?fieldValidation=Strict', service);
    expect(second.body.message).toContain('unknown field "spec.port"');
  });
});

describe("Istio's schemas", () => {
  test('a wrong type is 422 with its cause', async () => {
    const { call } = await start();
    const answer = await call('POST', VIRTUAL_SERVICES, reviews('reviews', { hosts: 'reviews' }));
    expect(answer.code).toBe(422);
    expect(answer.body).toMatchObject({
      reason: 'Invalid',
      message:
        'VirtualService.networking.istio.io "reviews" is invalid: spec.hosts: Invalid value: "string": spec.hosts in body must be of type array: "string"',
      details: {
        name: 'reviews',
        group: 'networking.istio.io',
        kind: 'VirtualService',
        causes: [{ reason: 'FieldValueTypeInvalid', field: 'spec.hosts' }],
      },
    });
  });

  test.each([
    [
      'a value outside an enum',
      { loadBalancer: { simple: 'FASTEST' } },
      'Unsupported value: "FASTEST": supported values: ',
    ],
    ['two of one kind', { loadBalancer: { simple: 'RANDOM', consistentHash: { useSourceIp: true } } }, '(oneOf)'],
    [
      'a fraction for an integer',
      { connectionPool: { tcp: { maxConnections: 1.5 } } },
      'must be of type integer: "number"',
    ],
    [
      'a number above the largest',
      { outlierDetection: { consecutive5xxErrors: 4294967296 } },
      'less than or equal to 4294967295',
    ],
  ])('%s is refused', async (_, trafficPolicy, message) => {
    const { call } = await start();
    const answer = await call('POST', RULES, rule({ host: 'reviews', trafficPolicy }));
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain(message);
  });

  test('a missing field that must be there is refused', async () => {
    const { call } = await start();
    const answer = await call('POST', RULES, rule({ subsets: [{ labels: { version: 'v1' } }] }));
    expect(answer.body.details.causes).toMatchObject([
      { field: 'spec.host', message: 'Required value' },
      { field: 'spec.subsets[0].name', message: 'Required value' },
    ]);
  });

  test('null is taken where the CRD says nullable and nowhere else', async () => {
    const { call } = await start();
    const taken = await call('POST', VIRTUAL_SERVICES, routed({ mirrorPercent: null }));
    const refused = await call('POST', VIRTUAL_SERVICES, routed({ timeout: null }));
    expect([taken.code, refused.code]).toEqual([201, 422]);
  });

  test.each(['0s', '0.5ms', 'soon', '5', '-1s'])('a timeout of %s is refused', async timeout => {
    const { call } = await start();
    const answer = await call('POST', VIRTUAL_SERVICES, routed({ timeout }));
    expect(answer.code).toBe(422);
    expect(answer.body.details.causes).toMatchObject([
      {
        field: 'spec.http[0].timeout',
        message: `Invalid value: "${timeout}": must be a valid duration greater than 1ms`,
      },
    ]);
  });

  test.each(['1ms', '0.5s', '1h30m', '2m'])('a timeout of %s is taken', async timeout => {
    const { call } = await start();
    expect((await call('POST', VIRTUAL_SERVICES, routed({ timeout }))).code).toBe(201);
  });

  test("a ServiceEntry's rules are held", async () => {
    const { call } = await start();
    const entry = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'e' },
      spec: {
        hosts: ['*'],
        ports: [
          { number: 80, name: 'http', protocol: 'HTTP' },
          { number: 80, name: 'http', protocol: 'HTTP' },
        ],
      },
    };
    const { body } = await call('POST', '/apis/networking.istio.io/v1/namespaces/default/serviceentries', entry);
    expect(body.message).toContain('spec.ports[1]: Duplicate value');
    entry.spec.ports[1]!.name = 'web';
    const again = await call('POST', '/apis/networking.istio.io/v1/namespaces/default/serviceentries', entry);
    expect(again.body.details.causes.map((cause: { message: string }) => cause.message)).toEqual([
      'Invalid value: "*": hostname cannot be wildcard',
      'Invalid value: "array": port number cannot be duplicated',
    ]);
  });
});

describe("istiod's webhook", () => {
  const two = (a: number, b: number) => ({
    route: [
      { destination: { host: 'reviews', subset: 'v1' }, weight: a },
      { destination: { host: 'reviews', subset: 'v2' }, weight: b },
    ],
  });

  test('refuses with 400 and its own words', async () => {
    const { call } = await start();
    const answer = await call('POST', VIRTUAL_SERVICES, routed(two(0, 0)));
    expect(answer.code).toBe(400);
    expect(answer.body).toMatchObject({
      reason: 'BadRequest',
      message:
        'admission webhook "validation.istio.io" denied the request: configuration is invalid: total destination weight = 0',
    });
  });

  test('counts several faults', async () => {
    const { call } = await start();
    const answer = await call('POST', VIRTUAL_SERVICES, reviews('reviews', { hosts: ['bad_host'], http: [] }));
    expect(answer.body.message).toContain(
      'configuration is invalid: 2 errors occurred:\n\t* domain name "bad_host" invalid (label "bad_host" invalid)\n\t* http, tcp or tls must be provided',
    );
  });

  test.each([
    ['a negative weight', routed(two(-1, 101)), 'weight -1 < 0'],
    [
      'a route to nowhere',
      reviews('reviews', { http: [{ route: [] }] }),
      'HTTP route, redirect or direct_response is required',
    ],
    ['an empty host', routed({ route: [{ destination: { host: '' } }] }), 'empty domain name not allowed'],
    ['* in the mesh', reviews('reviews', { hosts: ['*'] }), 'wildcard host * is not allowed'],
    ['the same host twice', reviews('reviews', { hosts: ['a.example.com', '*.example.com'] }), 'duplicate hosts'],
    ['negative attempts', routed({ retries: { attempts: -1 } }), 'attempts cannot be negative'],
    [
      '0 attempts with more',
      routed({ retries: { attempts: 0, perTryTimeout: '1s' } }),
      'attempts are set to 0 (disabled)',
    ],
    ['an unknown retryOn', routed({ retries: { attempts: 1, retryOn: '6xx' } }), '"6xx" is not a valid retryOn policy'],
    ['an empty fault', routed({ fault: {} }), 'must have an abort and/or a delay'],
    [
      'more than 100 %',
      routed({ fault: { abort: { httpStatus: 500, percentage: { value: 101 } } } }),
      'is not in range',
    ],
    [
      'an HTTP status of 42',
      routed({ fault: { abort: { httpStatus: 42 } } }),
      'HTTP status 42 is not in range 200-599',
    ],
    ['route and redirect', routed({ redirect: { uri: '/' } }), 'cannot contain both route and redirect'],
  ])('refuses %s', async (_, object, message) => {
    const { call } = await start();
    const answer = await call('POST', VIRTUAL_SERVICES, object);
    expect([answer.code, answer.body.message]).toEqual([400, expect.stringContaining(message)]);
  });

  test.each([
    ['weights that sum to 120', routed(two(60, 60))],
    ['one destination of weight 0', routed({ route: [{ destination: { host: 'reviews' }, weight: 0 }] })],
    [
      'the same destination twice',
      routed({ route: [1, 2].map(weight => ({ destination: { host: 'reviews' }, weight })) }),
    ],
    ['0 attempts alone', routed({ retries: { attempts: 0 } })],
    ['* at a gateway', reviews('reviews', { hosts: ['*'], gateways: ['bookinfo-gateway'] })],
    ['a delegate', { ...reviews('reviews'), spec: { http: [{ route: [{ destination: { host: 'a' } }] }] } }],
  ])('takes %s', async (_, object) => {
    const { call } = await start();
    expect((await call('POST', VIRTUAL_SERVICES, object)).code).toBe(201);
  });

  test('is asked in a dry run, too', async () => {
    const { call } = await start();
    expect((await call('POST', `${VIRTUAL_SERVICES}?dryRun=All`, routed(two(0, 0)))).code).toBe(400);
  });

  test('warns of a rule that is never reached', async () => {
    const { call } = await start();
    const route = [{ destination: { host: 'reviews' } }];
    const answer = await call(
      'POST',
      VIRTUAL_SERVICES,
      reviews('reviews', { http: [{ route }, { route, name: 'late' }] }),
    );
    expect([answer.code, answer.headers.get('warning')]).toEqual([
      201,
      '299 - "virtualService rule \\"late\\" not used (only the last rule can have no matches)"',
    ]);
  });

  test('refuses duplicate subsets and a rule without a host', async () => {
    const { call } = await start();
    const subset = { name: 'v1', labels: { version: 'v1' } };
    const twice = await call('POST', RULES, rule({ host: 'reviews', subsets: [subset, subset] }));
    const empty = await call('POST', RULES, rule({ host: '' }));
    expect(twice.body.message).toContain('configuration is invalid: duplicate subset names: v1');
    expect(empty.body.message).toContain('configuration is invalid: empty domain name not allowed');
  });

  test('refuses a Gateway without servers, hosts or TLS settings', async () => {
    const { call } = await start();
    const gateway = (servers: JsonObject[]) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'g' },
      spec: { selector: { istio: 'ingressgateway' }, servers },
    });
    const none = await call('POST', GATEWAYS, gateway([]));
    expect(none.body.message).toContain('gateway must have at least one server');
    const port = { number: 443, name: 'https', protocol: 'HTTPS' };
    const bare = await call('POST', GATEWAYS, gateway([{ port, hosts: ['shop'] }]));
    expect(bare.body.message).toContain('short names (non FQDN) are not allowed');
    expect(bare.body.message).toContain('server must have TLS settings for HTTPS/TLS protocols');
    const good = gateway([{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }]);
    expect((await call('POST', GATEWAYS, good)).code).toBe(201);
  });
});

describe('a custom resource of our own', () => {
  test('is served once its definition is applied, and no longer once that is gone', async () => {
    const { call } = await start();
    const definition = meshChangeDefinition();
    const created = await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    expect(created.code).toBe(201);
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/meshchanges.meshbot.dev';
    const { body } = await call('GET', path);
    expect(body.status.conditions).toMatchObject([
      { type: 'NamesAccepted', status: 'True' },
      { type: 'Established', status: 'True' },
    ]);
    expect((await call('POST', MESH_CHANGES, meshChange())).code).toBe(201);
    await call('DELETE', path);
    expect((await call('GET', MESH_CHANGES)).code).toBe(404);
    await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    expect((await call('GET', MESH_CHANGES)).body.items).toEqual([]);
  });

  test('is checked and pruned by its own schema, free arguments and embedded objects excepted', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(meshChangeDefinition());
    const change = meshChange();
    change.spec = { ...change.spec, arguments: { any: { thing: [1] } }, colour: 'red' };
    const { body } = await call('POST', MESH_CHANGES, change);
    expect(body.spec).toEqual({ ...meshChange().spec, arguments: { any: { thing: [1] } } });
    const status = { phase: 'Flying', decisions: [], approvals: [], written: [], messages: {}, history: [] };
    const wrong = await call('PUT', `${MESH_CHANGES}/mc-1/status`, { ...body, status });
    expect(wrong.body.message).toContain('status.phase: Unsupported value: "Flying": supported values: "Requested", ');
  });

  test('keeps every field that a MeshChange can have', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(meshChangeDefinition());
    const { body } = await call('POST', MESH_CHANGES, meshChange());
    const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' };
    const finding = { code: 'weights-sum', severity: 'warning', path: 'spec', message: 'odd', fix: 'make it even' };
    const status = {
      phase: 'Verified',
      message: 'Proven.',
      plan: {
        title: 'Send 50 % of reviews to v3',
        namespace: 'default',
        services: ['reviews'],
        writes: [{ ref, before: { ...reviews(), anything: [1] }, after: reviews() }],
        traffic: [{ match: 'all', destination: 'reviews v3', before: 0, after: 50 }],
        findings: [finding],
        notes: ['plain', ['spans ', { code: 'reviews' }, { link: 'https://example.com', label: 'here' }]],
        risk: 'low',
        expectation: {
          host: 'reviews.default.svc.cluster.local',
          headers: { 'end-user': 'jason' },
          shares: { v3: 50.5 },
          probe: {
            from: { kind: 'pod', namespace: 'default', pod: 'ratings-1', container: 'ratings' },
            url: 'http://reviews',
          },
        },
        revision: 2,
        digest: 'abc',
        at: 1.5,
      },
      question: { argument: 'route', question: 'Which?', choices: [{ value: '0', label: 'first' }] },
      findings: [finding],
      expiresAt: 5,
      decisions: [
        {
          id: 'd',
          kind: 'choose',
          team: 'T',
          user: 'U',
          at: 1,
          digest: 'abc',
          reason: 'r',
          choice: '0',
          verdict: 'counted',
          why: 'w',
          told: true,
        },
      ],
      approvals: [{ team: 'T', user: 'U', at: 1, digest: 'abc' }],
      claim: { holder: 'a', term: 2 },
      written: [{ ref, resourceVersion: '7', at: 2, warnings: ['w'] }],
      receipt: {
        verdict: 'proven',
        summary: 's',
        sent: 20,
        seen: { v3: 10 },
        intervals: { v3: { low: 27.2, high: 72.8 } },
        confidence: 95,
        expected: { v3: 50 },
        statuses: { 200: 20 },
        median: 3.5,
        traceId: 't',
        traceLink: 'http://trace.example.com',
        trace: [{ service: 'reviews.default', version: 'v3', depth: 1, start: 0.5, took: 2.5, status: 200 }],
        from: 'gateway',
        at: 3,
      },
      undoneBy: 'mc-2',
      messages: { card: { channel: 'C1', ts: '1.2', drawn: 'h', since: 4 } },
      history: [{ phase: 'Verified', at: 4, by: 'U', why: 'because' }],
    };
    const path = `${MESH_CHANGES}/mc-1/status?fieldValidation=Strict`;
    const saved = await call('PUT', path, { ...body, status });
    expect(saved.body.message).toBeUndefined();
    expect(saved.body.status).toEqual(status);
  });

  test('a definition without versions or under another name is refused', async () => {
    const { call } = await start();
    const definition = meshChangeDefinition();
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const named = await call('POST', path, { ...definition, metadata: { name: 'wrong.meshbot.dev' } });
    expect(named.body.message).toContain('must be spec.names.plural+"."+spec.group');
    const bare = await call('POST', path, { ...definition, spec: { ...definition.spec, versions: [] } });
    expect(bare.body.message).toContain('spec.versions: Required value');
  });
});

describe('metadata', () => {
  test('labels must be texts that are valid', async () => {
    const { call } = await start();
    const number = await call('POST', VIRTUAL_SERVICES, { ...reviews(), metadata: { name: 'a', labels: { a: 1 } } });
    expect([number.code, number.body.message]).toEqual([400, expect.stringContaining('cannot unmarshal number')]);
    const space = await call('POST', VIRTUAL_SERVICES, { ...reviews(), metadata: { name: 'a', labels: { a: 'b c' } } });
    expect([space.code, space.body.message]).toEqual([422, expect.stringContaining('a valid label must be')]);
  });

  test('a Lease refuses a time that has no microseconds', async () => {
    const { call } = await start();
    const lease = (renewTime: string) => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'l' },
      spec: { holderIdentity: 'a', renewTime },
    });
    const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    const wrong = await call('POST', path, lease('2026-03-01T10:00:00.000Z'));
    const right = await call('POST', path, lease('2026-03-01T10:00:00.000000Z'));
    expect([wrong.code, right.code]).toEqual([400, 201]);
  });
});
