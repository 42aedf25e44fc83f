import { describe, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { at, MERGE, reviews, start, VIRTUAL_SERVICES } from './local.ts';

const RULES = '/apis/networking.istio.io/v1/namespaces/default/destinationrules';
const _GATEWAYS = '/apis/networking.istio.io/v1/namespaces/default/gateways';

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
    expect(answer.body.spec?.http).toEqual([{ route: [{ destination: { host: 'reviews' } }] }]);
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
      message: expect.stringContaining(
        'VirtualService.networking.istio.io "reviews" is invalid: [spec.hosts: Invalid value: "string": spec.hosts in body must be of type array: "string", <nil>: ',
      ),
      details: {
        name: 'reviews',
        group: 'networking.istio.io',
        kind: 'VirtualService',
        causes: [{ reason: 'FieldValueTypeInvalid', field: 'spec.hosts' }, { field: '<nil>' }],
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
      { field: '<nil>', message: expect.stringContaining('some validation rules were not checked') },
    ]);
  });

  test('null is kept where the CRD says nullable, and as good as absent elsewhere', async () => {
    const { call } = await start();
    const route = { mirrorPercent: null, timeout: null, match: [{ headers: { 'x-user': null } }] };
    const taken = await call('POST', `${VIRTUAL_SERVICES}?fieldValidation=Strict`, routed(route));
    expect([taken.code, at(taken.body, 'spec', 'http', 0)]).toEqual([
      201,
      { mirrorPercent: null, match: [{ headers: {} }], route: [{ destination: { host: 'reviews' } }] },
    ]);
  });

  test('null is refused in a list, and where something must be', async () => {
    const { call } = await start();
    const inList = await call('POST', VIRTUAL_SERVICES, routed({ match: [null] }));
    const needed = await call('POST', RULES, rule({ host: null }));
    expect([inList.code, inList.body.details.causes[0]?.field]).toEqual([422, 'spec.http[0].match[0]']);
    expect(needed.body.details.causes[0]).toMatchObject({ field: 'spec.host', message: 'Required value' });
  });

  test.each(['0s', '0.5ms', '-1s'])('a timeout of %s is refused', async timeout => {
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

  test.each(['soon', '5'])('a timeout of %s cannot be read', async timeout => {
    const { call } = await start();
    const answer = await call('POST', VIRTUAL_SERVICES, routed({ timeout }));
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain("type conversion error from 'string' to 'google.protobuf.Duration'");
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
      'Invalid value: port number cannot be duplicated',
    ]);
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
