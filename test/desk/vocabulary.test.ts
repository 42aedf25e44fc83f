/** The names that commands are read with are those that can be planned. */
import { describe, expect, it } from 'vitest';
import { vocabularyOf } from '../../src/desk/vocabulary.ts';
import { World } from '../../src/istio/world.ts';
import type { KubeObject } from '../../src/object.ts';
import { pod, reviews, rule, service } from '../istio/edit/mesh.ts';

function of(world: World) {
  return vocabularyOf(world, 'default', ['shift'], () => ['shift-1']);
}

function elsewhere(name: string, namespace: string): KubeObject {
  return { ...service(name), metadata: { name, namespace } };
}

describe('the live names', () => {
  it('are services, those of the own namespace first, without what runs the mesh', () => {
    const world = new World([
      ...[service('reviews'), service('details'), service('kubernetes')],
      ...[elsewhere('cart', 'shop'), elsewhere('istiod', 'istio-system'), elsewhere('kube-dns', 'kube-system')],
    ]);
    const { services, hasService } = of(world);
    expect(services).toEqual(['details', 'reviews', 'cart.shop']);
    const asked = [...services, 'reviews.default', 'ratings', 'istiod.istio-system', 'kubernetes', 'reviews.shop'];
    expect(asked.filter(name => hasService?.(name))).toEqual([...services, 'reviews.default']);
  });

  it('are subsets and versions of pods, in natural order, whatever label tells a version', () => {
    const recommended = pod('reviews', undefined);
    const labels = { app: 'reviews', 'app.kubernetes.io/version': 'v10' };
    const world = reviews({ ...recommended, metadata: { ...recommended.metadata, labels } }, pod('reviews', 'v4'));
    expect(of(world).versions('reviews')).toEqual(['v1', 'v2', 'v3', 'v4', 'v10']);
    expect(of(world).versions('reviews.default.svc')).toEqual(of(world).versions('reviews'));
    expect(of(world).versions('nothing')).toEqual([]);
  });

  it('are no subsets that only another namespace obeys', () => {
    const world = reviews(rule('reviews.default.svc.cluster.local', ['theirs'], {}, 'shop'));
    expect(of(world).versions('reviews')).toEqual(['v1', 'v2', 'v3']);
  });
});
