/** Under which names a stepwise shift asks the metrics for the version that it moves to. */
import { describe, expect, it } from 'vitest';
import shift from '../../../commands/shift.ts';
import type { ChangeCommand } from '../../../src/command.ts';
import type { World } from '../../../src/istio/world.ts';
import { type KubeObject, refOf } from '../../../src/object.ts';
import { bookinfo, templates } from '../../fixtures/load.ts';

function countedAs(version: string, objects: KubeObject[], service = 'reviews') {
  const world: World = bookinfo().with(objects.map(after => ({ ref: refOf(after), after })));
  const context = { world, templates, namespace: 'default', probes: {}, changes: [] };
  const values = { service, version, percent: [5, 50], every: 60_000, gate: [] };
  const planning = (shift as ChangeCommand).plan(values as never, context);
  if (planning.kind !== 'plan') throw new Error(JSON.stringify(planning));
  return planning.plan.rollout?.counted;
}

const NETWORKING = 'networking.istio.io/v1';
const meta = (name: string) => ({ name, namespace: 'default', uid: name, resourceVersion: '7' });
const to = (host: string, subset?: string) => ({ destination: { host, ...(subset !== undefined && { subset }) } });

describe('the metrics of a version', () => {
  it('are asked for by the label of its pods', () => {
    expect(countedAs('v3', [])).toEqual({ host: 'reviews.default.svc.cluster.local', version: 'v3' });
  });

  it('are asked for by that label too where its subset has another name', () => {
    const rule: KubeObject = {
      apiVersion: NETWORKING,
      kind: 'DestinationRule',
      metadata: meta('reviews'),
      spec: {
        host: 'reviews',
        subsets: ['v1', 'v2', 'v3'].map((version, at) => ({ name: ['v1', 'v2', 'canary'][at]!, labels: { version } })),
      },
    };
    expect(countedAs('canary', [rule])).toEqual({ host: 'reviews.default.svc.cluster.local', version: 'v3' });
  });

  it('are asked of the Service that stands for it, where each version has one of its own', () => {
    const services = ['v1', 'v3'].map(
      (version): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta(`reviews-${version}`),
        spec: { selector: { app: 'reviews', version }, ports: [{ name: 'http', port: 9080 }] },
      }),
    );
    const routes: KubeObject = {
      apiVersion: NETWORKING,
      kind: 'VirtualService',
      metadata: meta('reviews'),
      spec: { hosts: ['reviews'], http: [{ route: [to('reviews-v1')] }] },
    };
    expect(countedAs('v3', [...services, routes])).toEqual({
      host: 'reviews-v3.default.svc.cluster.local',
      version: 'v3',
    });
  });

  it('are asked for by its label where the subset is only made with the first step', () => {
    expect(countedAs('v1', [], 'ratings')).toEqual({ host: 'ratings.default.svc.cluster.local', version: 'v1' });
  });
});
