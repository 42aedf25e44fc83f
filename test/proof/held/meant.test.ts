/** For which proxies a VirtualService is, by the mesh's objects. */
import { describe, expect, it } from 'vitest';
import { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import type { MeshProxy } from '../../../src/ports.ts';
import { isMeantFor } from '../../../src/proof/held/meant.ts';
import { to, virtualService } from './town.ts';

const service = (name: string, port: JsonObject = { name: 'http', port: 9080 }): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'default', name },
  spec: { ports: [port] },
});
const sidecar = (namespace: string, egress: string[]): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { namespace, name: 'default' },
  spec: { egress: [{ hosts: egress }] },
});
const gateway = (servers: JsonObject[], selector: JsonObject = { istio: 'ingressgateway' }): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { namespace: 'default', name: 'shop' },
  spec: { selector, servers },
});
const proxy = (namespace: string, labels: Record<string, string> = { app: 'productpage' }): MeshProxy => {
  return { namespace, pod: 'p', labels, gateway: false };
};
const ROUTES = [{ route: [to('v1')] }];

describe('a VirtualService for the mesh', () => {
  const own = virtualService(ROUTES);
  const isFor = (objects: KubeObject[], who = proxy('default'), object = own) =>
    isMeantFor(new World([...objects, object]), who, object);

  it('is for each sidecar that sees it', () => {
    expect(isFor([service('reviews')])).toBe(true);
    expect(isFor([service('reviews')], proxy('shop'))).toBe(true);
  });

  it('is not for those to which it is not exported', () => {
    const here = virtualService(ROUTES, { exportTo: ['.'] });
    expect(isFor([service('reviews')], proxy('default'), here)).toBe(true);
    expect(isFor([service('reviews')], proxy('shop'), here)).toBe(false);
  });

  it('is not for those whose Sidecar does not name the service', () => {
    expect(isFor([service('reviews'), sidecar('shop', ['./*'])], proxy('shop'))).toBe(false);
    expect(isFor([service('reviews'), sidecar('shop', ['default/*'])], proxy('shop'))).toBe(true);
  });

  it('is not for those for whom an older one speaks, nor where no route of it is for them', () => {
    const older = { ...own, metadata: { ...own.metadata, name: 'older', creationTimestamp: '2020-01-01T00:00:00Z' } };
    const younger = { ...own, metadata: { ...own.metadata, creationTimestamp: '2021-01-01T00:00:00Z' } };
    expect(isFor([service('reviews'), older], proxy('default'), younger)).toBe(false);
    const picky = virtualService([{ match: [{ sourceLabels: { app: 'ratings' } }], route: [to('v1')] }]);
    expect(isFor([service('reviews')], proxy('default'), picky)).toBe(false);
    expect(isFor([service('reviews')], proxy('default', { app: 'ratings' }), picky)).toBe(true);
  });

  it('is not known to be for anybody where its host is no service that speaks HTTP', () => {
    expect(isFor([])).toBe(false);
    expect(isFor([service('reviews', { name: 'tcp-db', port: 9080 })])).toBe(false);
  });
});

describe('a VirtualService for a gateway', () => {
  const bound = virtualService(ROUTES, { hosts: ['shop.example.com'], gateways: ['shop'] });
  const door: MeshProxy = { ...proxy('istio-system', { istio: 'ingressgateway' }), gateway: true };
  const http = (hosts: string[], more: JsonObject = {}) => ({ port: { number: 80, protocol: 'HTTP' }, hosts, ...more });
  const isFor = (servers: JsonObject[], selector?: JsonObject) =>
    isMeantFor(new World([gateway(servers, selector), bound]), door, bound);

  it('is for the pods that the Gateway selects, where a server shares a host with it', () => {
    expect(isFor([http(['*'])])).toBe(true);
    expect(isFor([http(['default/shop.example.com'])])).toBe(true);
    expect(isFor([http(['other/*'])])).toBe(false);
    expect(isFor([http(['other.example.com'])])).toBe(false);
    expect(isFor([http(['*'])], { istio: 'another' })).toBe(false);
    expect(isFor([http(['*'], { tls: { httpsRedirect: true } })])).toBe(false);
  });

  it('is not for sidecars', () => {
    expect(isMeantFor(new World([gateway([http(['*'])]), service('reviews'), bound]), proxy('default'), bound)).toBe(
      false,
    );
  });
});
