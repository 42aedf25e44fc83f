import { describe, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { MESH_CHANGES, meshChange, meshChangeDefinition, reviews, start } from './local.ts';

const _RULES = '/apis/networking.istio.io/v1/namespaces/default/destinationrules';
const _GATEWAYS = '/apis/networking.istio.io/v1/namespaces/default/gateways';

function _withTypo(): KubeObject {
  return reviews('reviews', { http: [{ rout: [], route: [{ destination: { host: 'reviews' } }] }] });
}

function _routed(route: JsonObject): KubeObject {
  return reviews('reviews', { http: [{ route: [{ destination: { host: 'reviews' } }], ...route }] });
}

function _rule(spec: JsonObject): KubeObject {
  return { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'reviews' }, spec };
}

describe('a custom resource of our own', () => {
  test('is served once its definition is applied, and no longer once that is gone', async () => {
    const { call } = await start();
    const definition = meshChangeDefinition();
    const created = await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    expect(created.code).toBe(201);
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/meshchanges.meshbot.dev';
    const { body } = await call('GET', path);
    expect(body.status?.conditions).toMatchObject([
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
