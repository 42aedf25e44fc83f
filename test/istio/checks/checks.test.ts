import { describe, expect, it } from 'vitest';
import { newFindings } from '../../../src/istio/checks/index.ts';
import { Overlay } from '../../../src/istio/overlay.ts';
import type { World } from '../../../src/istio/world.ts';
import { type JsonObject, type KubeObject, refOf } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { pod, reviews, rule, service, virtualService } from '../edit/mesh.ts';

const to = (subset: string, weight?: number): JsonObject => ({
  destination: { host: 'reviews', subset },
  ...(weight !== undefined && { weight }),
});
const routing = (...http: JsonObject[]) => virtualService('reviews', { hosts: ['reviews'], http });
const GOOD = routing({ route: [to('v1', 90), to('v2', 10)] });

function write(after: KubeObject, before?: KubeObject): Write {
  return { ref: refOf(after), ...(before && { before }), after };
}

function codes(world: World, ...writes: Write[]): string[] {
  return newFindings(world, new Overlay(world, writes), writes).map(({ code, severity }) => `${severity} ${code}`);
}

/** What is found when `after` takes the place of a good VirtualService. */
function changed(after: KubeObject): string[] {
  return codes(reviews(GOOD), write(after, GOOD));
}

describe('the checks', () => {
  it('find nothing in what is good', () => {
    expect(changed(routing({ route: [to('v1', 50), to('v3', 50)] }))).toEqual([]);
  });

  it('find a subset that no rule has, in routes and in mirrors', () => {
    expect(changed(routing({ route: [to('v1', 50), to('v9', 50)] }))).toEqual(['error subset-missing']);
    expect(changed(routing({ route: [to('v1')], mirror: { host: 'reviews', subset: 'v9' } }))).toEqual([
      'error subset-missing',
    ]);
    expect(changed(routing({ route: [to('v1')], mirrors: [to('v9')] }))).toEqual(['error subset-missing']);
  });

  it('find a subset that a rule loses while a route names it', () => {
    const before = rule('reviews', ['v1', 'v2', 'v3']);
    expect(codes(reviews(GOOD), write(rule('reviews', ['v1', 'v3']), before))).toEqual(['error subset-missing']);
    expect(codes(reviews(GOOD), { ref: refOf(before), before })).toEqual([
      'error subset-missing',
      'error subset-missing',
    ]);
  });

  it('find a subset without a Ready pod, and let one without a share be', () => {
    const world = reviews(GOOD, rule('reviews', ['v1', 'v2', 'v4']), pod('reviews', 'v4', 0, false));
    expect(codes(world, write(routing({ route: [to('v1', 99), to('v4', 1)] }), GOOD))).toEqual(['error subset-empty']);
    expect(codes(world, write(routing({ route: [to('v1', 100), to('v4', 0)] }), GOOD))).toEqual([]);
  });

  it('find weights that are no integers, or do not sum to 100', () => {
    expect(changed(routing({ route: [to('v1', 50), to('v2', 60)] }))).toEqual(['error weights-sum']);
    expect(changed(routing({ route: [to('v1', 50.5), to('v2', 49.5)] }))).toEqual(['error weight-not-integer']);
    expect(changed(routing({ route: [to('v1', 110), to('v2', -10)] }))).toEqual(['error weight-not-integer']);
  });

  it('find a route that nothing reaches', () => {
    const beta = { match: [{ uri: { prefix: '/beta' } }], route: [to('v2')] };
    expect(changed(routing({ route: [to('v1')] }, beta))).toEqual(['error route-unreachable']);
    expect(changed(routing({ match: [{ uri: { regex: '.*' } }], route: [to('v1')] }, beta))).toEqual([
      'error route-unreachable',
    ]);
    expect(changed(routing(beta, { route: [to('v1')] }))).toEqual([]);
  });

  it('find a second VirtualService for a host, but not a private one of another namespace', () => {
    const second = virtualService('second', {
      hosts: ['reviews.default.svc.cluster.local'],
      http: [{ route: [to('v1')] }],
    });
    expect(codes(reviews(GOOD), write(second))).toEqual(['error duplicate-host']);
    const outside = virtualService('outside', { ...second.spec, gateways: ['elsewhere/shop'] });
    expect(codes(reviews(GOOD), write(outside))).toEqual([]);
    const theirs = virtualService('theirs', { ...second.spec, exportTo: ['.'] }, { namespace: 'shop' });
    expect(codes(reviews(theirs), write(GOOD))).toEqual([]);
  });

  it('find the same destination twice', () => {
    expect(changed(routing({ route: [to('v1', 50), to('v1', 50)] }))).toEqual(['error duplicate-destination']);
  });

  it('find a fault that makes timeout and retries void, on a route that is touched', () => {
    const fault = { fault: { delay: { fixedDelay: '2s' } }, timeout: '500ms' };
    expect(changed(routing({ ...fault, route: [to('v1')] }))).toEqual(['warning fault-voids']);
    const beta = { ...fault, match: [{ uri: { prefix: '/beta' } }], route: [to('v2')] };
    const before = routing(beta, { route: [to('v1')] });
    const after = routing(beta, { route: [to('v3')] });
    expect(codes(reviews(before), write(after, before))).toEqual([]);
  });

  it('leave alone what was so before', () => {
    const bad = routing(
      { route: [to('v1', 50), to('v9', 60)] },
      { match: [{ uri: { prefix: '/x' } }], route: [to('v1')] },
    );
    const same = { ...bad, metadata: { ...bad.metadata, labels: { a: 'b' } } };
    expect(codes(reviews(bad), write(same, bad))).toEqual([]);
  });

  it('see clients of another namespace that obey a rule of their own', () => {
    const theirs = rule('reviews.default.svc.cluster.local', ['v1'], {}, 'shop');
    const world = reviews(GOOD, theirs);
    const after = routing({ route: [to('v1', 50), to('v3', 50)] });
    const [finding, ...others] = newFindings(world, new Overlay(world, [write(after, GOOD)]), [write(after, GOOD)]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'subset-missing', path: expect.stringContaining('seen from shop') });
  });

  it.each([
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'a' } }],
    ['Argo CD', { managedFields: [{ manager: 'argocd-controller' }] }],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'a' } }],
    ['Flux', { labels: { 'helm.toolkit.fluxcd.io/name': 'a' } }],
    ['Flux', { managedFields: [{ manager: 'kustomize-controller' }] }],
    ['Helm', { annotations: { 'meta.helm.sh/release-name': 'a' } }],
    ['Argo Rollouts', { annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'a' } }],
    ['Argo Rollouts', { managedFields: [{ manager: 'rollouts-controller' }] }],
    ['Flagger', { ownerReferences: [{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name: 'a', uid: 'u' }] }],
    ['Kiali', { labels: { kiali_wizard: 'weighted_routing' } }],
  ])('find that %s keeps an object', (owner, metadata) => {
    const owned = { ...GOOD, metadata: { ...GOOD.metadata, ...metadata } };
    const writes = [write({ ...owned, spec: routing({ route: [to('v3')] }).spec! }, owned)];
    const world = reviews(owned);
    const findings = newFindings(world, new Overlay(world, writes), writes);
    expect(findings).toMatchObject([{ code: 'foreign-owner', severity: 'error' }]);
    expect(findings[0]!.message).toContain(owner);
  });

  it('warn of a rule that clients elsewhere do not see, though they see the routes', () => {
    const world = reviews(GOOD, rule('reviews', ['v1', 'v2', 'v3'], { exportTo: ['.'] }));
    const after = routing({ route: [to('v3')] });
    expect(codes(world, write(after, GOOD))).toEqual(['warning subset-missing']);
    const privately = { ...after, spec: { ...after.spec, exportTo: ['.'] } };
    expect(codes(world, write(privately, GOOD))).toEqual(['warning routes-not-exported']);
    // A gateway is mostly not in the service's namespace.
    const atGateway = { ...after, spec: { ...after.spec, gateways: ['elsewhere/shop'] } };
    expect(codes(world, write(atGateway, GOOD))).toEqual(['warning subset-missing']);
  });

  it('only warn of a weak sign, and let what Flux was told to leave alone be', () => {
    const weak = { ...GOOD, metadata: { ...GOOD.metadata, labels: { 'app.kubernetes.io/instance': 'shop' } } };
    expect(codes(reviews(weak), write(weak, weak))).toEqual(['warning foreign-owner']);
    const free = {
      ...GOOD,
      metadata: {
        ...GOOD.metadata,
        labels: { 'kustomize.toolkit.fluxcd.io/name': 'a' },
        annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
      },
    };
    expect(codes(reviews(free), write(free, free))).toEqual([]);
  });

  it('do not judge hosts that they know nothing of', () => {
    const outside = virtualService('out', {
      hosts: ['api.example.com'],
      http: [{ route: [{ destination: { host: 'api.example.com', subset: 'x' } }] }],
    });
    expect(codes(reviews(service('other')), write(outside))).toEqual([]);
  });
});
