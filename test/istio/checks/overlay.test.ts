import { describe, expect, it } from 'vitest';
import { Overlay } from '../../../src/istio/overlay.ts';
import type { World } from '../../../src/istio/world.ts';
import { type KubeObject, refKey, refOf } from '../../../src/object.ts';
import { bookinfo } from '../../fixtures/load.ts';
import { pod, rule, virtualService } from '../edit/mesh.ts';

const HOST = 'reviews.default.svc.cluster.local';
const keys = (objects: KubeObject[]) => objects.map(object => refKey(refOf(object)));

/** Every question that a World answers. */
function answers(world: World) {
  return {
    size: world.size,
    routes: keys(world.forHost('VirtualService', HOST)),
    rules: keys(world.forHost('DestinationRule', HOST)),
    pods: keys(world.pods('default', { app: 'reviews' })).sort(),
    all: keys(world.all('VirtualService')).sort(),
    there: keys(world.inNamespace('VirtualService', 'default')).sort(),
    leading: keys(world.leadingTo(HOST)).sort(),
    delegating: keys(world.delegatingTo('default', 'child')),
    gone: world.get('VirtualService', 'default', 'reviews'),
    changed: world.get('VirtualService', 'default', 'bookinfo')?.spec,
  };
}

describe('an overlay', () => {
  const ref = (kind: string, name: string) => ({ apiVersion: 'v1', kind, namespace: 'default', name });
  const added = [
    virtualService('any', { hosts: ['*'] }),
    virtualService('wide', { hosts: ['*.default.svc.cluster.local'] }),
    rule('reviews.default.svc.cluster.local', ['v1']),
    pod('reviews', 'v4'),
    virtualService('bookinfo', { hosts: ['changed.example.com'] }),
    virtualService('inside', { hosts: ['*views.default.svc.cluster.local'] }),
    virtualService('shop', {
      hosts: ['shop.example.com'],
      gateways: ['gw'],
      http: [{ route: [{ destination: { host: 'reviews' } }] }, { delegate: { name: 'child' } }],
    }),
    virtualService('child', { http: [{ route: [{ destination: { host: 'reviews' } }] }] }),
  ];
  const changes = [
    { ref: ref('VirtualService', 'reviews') },
    { ref: ref('Pod', 'reviews-v1-a') },
    ...added.map(after => ({ ref: refOf(after), after })),
  ];

  it('answers every question as a changed copy of the world does', () => {
    expect(answers(new Overlay(bookinfo(), changes))).toEqual(answers(bookinfo().with(changes)));
  });

  it('leaves the world under it as it was', () => {
    const base = bookinfo();
    new Overlay(base, changes);
    expect(answers(base)).toEqual(answers(bookinfo()));
  });

  it('can lie on another overlay', () => {
    const [first, second, ...rest] = changes;
    const twice = new Overlay(new Overlay(bookinfo(), [first!, second!]), rest);
    expect(answers(twice)).toEqual(answers(bookinfo().with(changes)));
  });
});
