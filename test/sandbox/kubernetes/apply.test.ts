import { expect, test } from 'vitest';
import type { Local } from './local.ts';
import { at, MERGE, reviews, start, VIRTUAL_SERVICES } from './local.ts';

const ONE = `${VIRTUAL_SERVICES}/reviews`;
const apply = ({ call }: Local, manager: string, object: unknown, more = '') =>
  call('PATCH', `${ONE}?fieldManager=${manager}${more}`, object, { type: 'application/apply-patch+yaml' });

const wanted = (labels: Record<string, string>, hosts = ['reviews']) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', labels },
  spec: { ...reviews().spec, hosts },
});

test('server-side apply creates, and applying the same again changes nothing', async () => {
  const local = await start();
  const first = await apply(local, 'bot', wanted({ a: '1' }));
  const second = await apply(local, 'bot', wanted({ a: '1' }));
  expect([first.code, second.code]).toEqual([201, 200]);
  expect(second.body).toEqual(first.body);
  expect(first.body.metadata.managedFields).toMatchObject([
    {
      manager: 'bot',
      operation: 'Apply',
      apiVersion: 'networking.istio.io/v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:metadata': { 'f:labels': { 'f:a': {} } }, 'f:spec': { 'f:hosts': {}, 'f:http': {} } },
    },
  ]);
});

test('what a manager no longer applies is taken away, what others set is left', async () => {
  const local = await start();
  await apply(local, 'bot', wanted({ a: '1', b: '2' }));
  await local.call('PATCH', ONE, { metadata: { labels: { c: '3' } } }, MERGE);
  const { body } = await apply(local, 'bot', wanted({ a: '1' }));
  expect(body.metadata.labels).toEqual({ a: '1', c: '3' });
});

test('another value for a field of somebody else is a conflict unless forced', async () => {
  const local = await start();
  await local.call('POST', `${VIRTUAL_SERVICES}?fieldManager=person`, reviews());
  const conflict = await apply(local, 'bot', wanted({}, ['other']));
  expect(conflict.code).toBe(409);
  expect(conflict.body).toMatchObject({
    reason: 'Conflict',
    message: 'Apply failed with 1 conflict: conflict with "person" using networking.istio.io/v1: .spec.hosts',
    details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.hosts' }] },
  });
  const forced = await apply(local, 'bot', wanted({}, ['other']), '&force=true');
  expect([forced.code, forced.body.spec?.hosts]).toEqual([200, ['other']]);
  const person = forced.body.metadata.managedFields?.find(entry => entry.manager === 'person');
  expect(person?.fieldsV1).toEqual({ 'f:spec': { 'f:http': {} } });
});

test('the same value may be owned by two', async () => {
  const local = await start();
  await apply(local, 'a', wanted({}));
  const { code, body } = await apply(local, 'b', wanted({}));
  expect(code).toBe(200);
  expect(body.metadata.managedFields?.map(entry => entry.manager).sort()).toEqual(['a', 'b']);
});

test('a field that the schema does not have, or no field manager, is refused', async () => {
  const local = await start();
  const typo = { ...wanted({}), spec: { hots: [] } };
  const unknown = await apply(local, 'bot', typo);
  expect([unknown.code, unknown.body.message]).toEqual([
    500,
    'failed to create typed patch object (default/reviews; networking.istio.io/v1, Kind=VirtualService): .spec.hots: field not declared in schema',
  ]);
  const nobody = await local.call('PATCH', ONE, wanted({}), { type: 'application/apply-patch+yaml' });
  expect([nobody.code, nobody.body.message]).toEqual([422, expect.stringContaining('is required for apply patch')]);
});

test('an apply that names an old resourceVersion is a Conflict', async () => {
  const local = await start();
  const { body } = await apply(local, 'bot', wanted({ a: '1' }));
  await local.call('PATCH', ONE, { metadata: { labels: { c: '3' } } }, MERGE);
  const object = wanted({ a: '2' });
  const old = { ...object, metadata: { ...object.metadata, resourceVersion: body.metadata.resourceVersion } };
  expect((await apply(local, 'bot', old)).body.reason).toBe('Conflict');
});

test('applied YAML is read as well', async () => {
  const local = await start();
  const yaml = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec: { hosts: [reviews], http: [{ route: [{ destination: { host: reviews } }] }] }
`;
  expect((await apply(local, 'bot', yaml)).body.spec?.hosts).toEqual(['reviews']);
});

test('updates record who changed what, and take it from whom it was', async () => {
  const { call } = await start();
  await call('POST', `${VIRTUAL_SERVICES}?fieldManager=a`, reviews());
  const { body } = await call('PATCH', `${ONE}?fieldManager=b`, { spec: { hosts: ['x'] } }, MERGE);
  expect(body.metadata.managedFields).toMatchObject([
    { manager: 'a', operation: 'Update', fieldsV1: { 'f:spec': { 'f:http': {} } } },
    { manager: 'b', operation: 'Update', fieldsV1: { 'f:spec': { 'f:hosts': {} } } },
  ]);
  expect(at(body.metadata.managedFields, 0, 'fieldsV1', 'f:spec', 'f:hosts')).toBeUndefined();
});

test('what an update takes away belongs to nobody any more, and who owns nothing is not named', async () => {
  const { call } = await start();
  await call('POST', `${VIRTUAL_SERVICES}?fieldManager=a`, reviews());
  await call('PATCH', `${ONE}?fieldManager=b`, { metadata: { labels: { x: '1' } } }, MERGE);
  const { body } = await call('PATCH', `${ONE}?fieldManager=c`, { metadata: { labels: { x: null } } }, MERGE);
  expect(body.metadata.managedFields?.map(entry => entry.manager)).toEqual(['a']);
});

test('an update that sets what its writer owns already leaves all owners and times as they are', async () => {
  const { call } = await start();
  const { body: first } = await call('POST', `${VIRTUAL_SERVICES}?fieldManager=a`, reviews());
  const { body } = await call('PATCH', `${ONE}?fieldManager=a`, { spec: { hosts: ['x'] } }, MERGE);
  expect(body.spec?.hosts).toEqual(['x']);
  expect(body.metadata.managedFields).toEqual(first.metadata.managedFields);
});

test('an update with the fields in another order changes nothing', async () => {
  const { call } = await start();
  const { body: first } = await call('POST', `${VIRTUAL_SERVICES}?fieldManager=a`, reviews());
  const turned = Object.fromEntries(Object.entries(first.spec ?? {}).reverse());
  const { body } = await call('PUT', `${ONE}?fieldManager=b`, { ...first, spec: turned });
  expect(body).toEqual(first);
});
