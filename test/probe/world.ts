/** A small mesh: two services, the mesh's and the cluster's own machinery, a gateway that exposes a shop. */
import { World } from '../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../src/object.ts';

export function service(namespace: string, name: string, ports: JsonObject[], more: JsonObject = {}): KubeObject {
  const spec = { selector: { app: name }, ports, ...more };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

const istio = (kind: string, name: string, spec: JsonObject): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});

export function pod(name: string, containers: string[], annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'ratings' }, annotations },
    spec: { containers: containers.map(name => ({ name })) },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

export function mesh(more: KubeObject[] = []): World {
  return new World([
    service('default', 'reviews', [{ name: 'http', port: 9080 }]),
    service('default', 'sly', [{ name: 'http', port: 80, targetPort: 15_000 }]),
    service('shop', 'cart', [
      { name: 'grpc', port: 7070 },
      { name: 'http-web', port: 8080 },
    ]),
    service('default', 'kubernetes', [{ name: 'https', port: 443 }]),
    service('kube-system', 'kube-dns', [{ name: 'metrics', port: 9153 }]),
    service('istio-system', 'istiod', [
      { name: 'http-monitoring', port: 15_014 },
      { name: 'http', port: 8080 },
    ]),
    service('default', 'outside', [], { type: 'ExternalName', externalName: 'httpbin.example.org' }),
    service('default', 'sneaky', [], { type: 'ExternalName', externalName: '0xa9fea9fe' }),
    service('default', 'cloud', [], { type: 'ExternalName', externalName: 'metadata.google.internal' }),
    istio('Gateway', 'shop-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [
        { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com', '*.wild.example.com'] },
      ],
    }),
    istio('VirtualService', 'shop', { hosts: ['shop.example.com'], gateways: ['shop-gateway'], http: [] }),
    istio('VirtualService', 'wild', { hosts: ['*.wild.example.com'], gateways: ['shop-gateway'], http: [] }),
    istio('VirtualService', 'inner', { hosts: ['inner.example.com'], http: [] }),
    istio('ServiceEntry', 'httpbin', { hosts: ['httpbin.example.org'] }),
    istio('ServiceEntry', 'bad', { hosts: ['metadata.google.internal', '*.example.net'] }),
    ...more,
  ]);
}
