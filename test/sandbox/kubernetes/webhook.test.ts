import { describe, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { reviews, start, VIRTUAL_SERVICES } from './local.ts';

const RULES = '/apis/networking.istio.io/v1/namespaces/default/destinationrules';
const GATEWAYS = '/apis/networking.istio.io/v1/namespaces/default/gateways';

function routed(route: JsonObject): KubeObject {
  return reviews('reviews', { http: [{ route: [{ destination: { host: 'reviews' } }], ...route }] });
}

function rule(spec: JsonObject): KubeObject {
  return { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'reviews' }, spec };
}

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
    expect(answer.body).not.toHaveProperty('reason');
    expect(answer.body).toMatchObject({
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
      'nor in range [0.0001, 100.0]',
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

describe("istiod's webhook, of what says who may call whom", () => {
  const of = (kind: string, spec: JsonObject): [string, KubeObject] => {
    const [group, plural] = kind === 'Sidecar' ? ['networking', 'sidecars'] : ['security', `${kind.toLowerCase()}s`];
    const path = `/apis/${group}.istio.io/v1/namespaces/default/${plural.replace(/ys$/, 'ies')}`;
    return [path, { apiVersion: `${group}.istio.io/v1`, kind, metadata: { name: 'one' }, spec }];
  };
  const told = async (kind: string, spec: JsonObject) => {
    const { call } = await start();
    const answer = await call('POST', ...of(kind, spec));
    return { code: answer.code, warning: answer.headers.get('warning') ?? '', message: answer.body.message };
  };
  const denying = (rule: JsonObject) => told('AuthorizationPolicy', { action: 'DENY', rules: [rule] });

  test('names the policy in each of its faults', async () => {
    const rules = [{ from: [{ source: { ipBlocks: ['a'] } }], to: [{ operation: {} }] }];
    const { code, message } = await told('AuthorizationPolicy', { rules });
    const said = ['bad IP address (a)', '`to.operation` must not be empty, found at rule 0'];
    const listed = said.map(fault => `\t* invalid policy one.default: ${fault}\n`).join('');
    expect([code, message]).toEqual([400, expect.stringContaining(`2 errors occurred:\n${listed}\n`)]);
  });

  test('warns of a Sidecar that imports a host twice', async () => {
    const { code, warning } = await told('Sidecar', {
      egress: [{ hosts: ['./a.example.com', 'default/a.example.com', '*/*'] }],
    });
    expect(code).toBe(201);
    expect(warning).toContain('duplicated egress host: default/a.example.com');
    expect(warning).toContain('`*/*` host select all resources, no other hosts can be added');
  });

  test.each([
    ['Sidecar', { egress: [{ hosts: ['./*'] }], workloadSelector: {} }, 'sidecar: workload selector specified'],
    ['AuthorizationPolicy', { selector: {} }, 'workload selector specified without labels'],
    ['PeerAuthentication', { selector: {}, mtls: { mode: 'STRICT' } }, 'workload selector specified without labels'],
  ])('warns of a %s for no labels', async (kind, spec, words) => {
    const { code, warning } = await told(kind, spec);
    expect([code, warning]).toEqual([201, expect.stringContaining(words)]);
  });

  test('warns of a denial by HTTP alone, which TCP cannot tell from others', async () => {
    const words = 'will deny all traffic to TCP ports under its scope';
    const operation = { methods: ['GET'] };
    expect((await denying({ to: [{ operation }] })).warning).toContain(words);
    expect((await denying({ from: [{ source: { requestPrincipals: ['*'] } }] })).warning).toContain(words);
    expect((await denying({ to: [{ operation: { ...operation, ports: ['80'] } }] })).warning).toBe('');
    expect((await denying({ from: [{ source: { namespaces: ['a'] } }] })).warning).toBe('');
  });

  test('is asked after the CRD, whose words come first', async () => {
    const { code, message } = await told('PeerAuthentication', { portLevelMtls: { 80: { mode: 'STRICT' } } });
    expect([code, message]).toEqual([422, expect.stringContaining('portLevelMtls requires selector')]);
  });
});
