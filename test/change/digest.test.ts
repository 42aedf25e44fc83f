/** What a digest holds apart, and what it does not. */
import { expect, it } from 'vitest';
import { canonical, digestOf } from '../../src/change/digest.ts';
import type { KubeObject } from '../../src/object.ts';
import type { Plan } from '../../src/plan.ts';
import { planOf, routed, serviceRef } from './world/plans.ts';

const before: KubeObject = routed('a', 0);
before.metadata = { ...before.metadata, uid: 'u1', resourceVersion: '7', managedFields: [{ manager: 'kubectl' }] };
const shift = planOf('Send 50 % of a to v3', ['a'], [], 50);
const plan = (more: Partial<KubeObject> = {}, after = routed('a', 50, before)): Plan => ({
  ...shift,
  writes: [{ ref: serviceRef('a'), before: { ...before, ...more }, after }],
});
const finding = { code: 'x', severity: 'warning' as const, path: '', message: 'm' };

it.each([
  ['the version it was planned from', plan({ metadata: { ...before.metadata, resourceVersion: '8' } })],
  ['the object being another of the same name', plan({ metadata: { ...before.metadata, uid: 'u2' } })],
  ['one weight', plan({}, routed('a', 51, before))],
  ['what the same write does to the traffic', { ...plan(), traffic: shift.traffic.slice(1) }],
  ['how grave it is', { ...plan(), risk: 'high' as const }],
  ['a finding', { ...plan(), findings: [finding] }],
  ['the order of writes', { ...plan(), writes: [...plan().writes, ...plan().writes].reverse() }],
  ['creating instead of changing', { ...plan(), writes: [{ ref: serviceRef('a'), after: routed('a', 50, before) }] }],
])('%s makes another digest', (_, other) => {
  expect(digestOf(other)).not.toBe(digestOf(plan()));
});

it.each([
  ['who managed which field', plan({ metadata: { ...before.metadata, managedFields: [{ manager: 'argocd' }] } })],
  ['what the cluster says of the object', plan({ status: { observedGeneration: 3 } })],
  ['the order of keys', plan(Object.fromEntries(Object.entries(before).reverse()))],
])('%s does not', (_, other) => {
  expect(digestOf(other)).toBe(digestOf(plan()));
});

it('canonical text of equal values is equal, and undefined fields are as absent ones', () => {
  expect(canonical({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
});
