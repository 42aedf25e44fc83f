import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/object.ts';
import type { LocalKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import { MERGE, reviews, start, VIRTUAL_SERVICES } from './local.ts';

interface Event {
  type: string;
  object: KubeObject & { message?: string };
}

/** Reads events of a watch until `enough` of them are there or the server ends it. */
async function watch(kubernetes: LocalKubernetes, query: string, enough = Infinity): Promise<Event[]> {
  const response = await fetch(`${kubernetes.url}${VIRTUAL_SERVICES}?watch=true&${query}`);
  expect(response.status).toBe(200);
  const events: Event[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    events.push(...lines.map(line => JSON.parse(line) as Event));
    if (events.length >= enough) break;
  }
  return events;
}

const names = (events: Event[]) => events.map(({ type, object }) => `${type} ${object.metadata?.name}`);

test('a watch replays what happened since its resourceVersion and goes on', async () => {
  const { kubernetes, call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews('a'));
  await call('POST', VIRTUAL_SERVICES, reviews('b'));
  await call('PATCH', `${VIRTUAL_SERVICES}/b`, { metadata: { labels: { x: 'y' } } }, MERGE);
  const watching = watch(kubernetes, `resourceVersion=${body.metadata.resourceVersion}`, 3);
  setTimeout(() => void call('DELETE', `${VIRTUAL_SERVICES}/b`), 50);
  expect(names(await watching)).toEqual(['ADDED b', 'MODIFIED b', 'DELETED b']);
});

test('a deletion shows the last state under the version of the deletion', async () => {
  const { kubernetes, call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews('a'));
  await call('DELETE', `${VIRTUAL_SERVICES}/a`);
  const [deleted] = await watch(kubernetes, `resourceVersion=${body.metadata.resourceVersion}`, 1);
  expect(Number(deleted?.object.metadata.resourceVersion)).toBe(Number(body.metadata.resourceVersion) + 1);
  expect(deleted?.object.spec).toEqual(body.spec);
});

test('without a resourceVersion a watch begins with what is there', async () => {
  const { kubernetes, call } = await start();
  await call('POST', VIRTUAL_SERVICES, reviews('a'));
  await call('POST', VIRTUAL_SERVICES, reviews('b'));
  expect(names(await watch(kubernetes, '', 2))).toEqual(['ADDED a', 'ADDED b']);
});

test('a forgotten version is HTTP 200 with an ERROR event of 410', async () => {
  const { kubernetes, call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews('a'));
  await call('POST', VIRTUAL_SERVICES, reviews('b'));
  kubernetes.faults.compact();
  const events = await watch(kubernetes, `resourceVersion=${body.metadata.resourceVersion}`);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
  expect(events[0]?.object.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
});

test('an object that comes under or leaves a label selector is ADDED or DELETED', async () => {
  const { kubernetes, call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews('a'));
  const label = (value: string) =>
    call('PATCH', `${VIRTUAL_SERVICES}/a`, { metadata: { labels: { team: value } } }, MERGE);
  await label('red');
  await label('blue');
  const query = `labelSelector=team%3Dred&resourceVersion=${body.metadata.resourceVersion}`;
  const events = await watch(kubernetes, query, 2);
  expect(events.map(({ type, object }) => `${type} ${object.metadata.labels?.team}`)).toEqual([
    'ADDED red',
    'DELETED red',
  ]);
  expect(Number(events[1]?.object.metadata.resourceVersion)).toBe(Number(body.metadata.resourceVersion) + 2);
});

test('a field selector picks one object', async () => {
  const { kubernetes, call } = await start();
  await call('POST', VIRTUAL_SERVICES, reviews('a'));
  await call('POST', VIRTUAL_SERVICES, reviews('b'));
  expect(names(await watch(kubernetes, 'fieldSelector=metadata.name%3Db', 1))).toEqual(['ADDED b']);
  const wrong = await call('GET', `${VIRTUAL_SERVICES}?fieldSelector=spec.hosts%3Db`);
  expect([wrong.code, wrong.body.message]).toEqual([400, 'field label not supported: spec.hosts']);
});

test('timeoutSeconds ends a watch, with a bookmark of where it was if asked for', async () => {
  const { kubernetes, call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews('a'));
  const { resourceVersion } = body.metadata;
  const events = await watch(
    kubernetes,
    `timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`,
  );
  expect(events).toEqual([
    {
      type: 'BOOKMARK',
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { resourceVersion, creationTimestamp: null },
      },
    },
  ]);
});

test('sendInitialEvents sends what is there and marks the end of it', async () => {
  const { kubernetes, call } = await start();
  await call('POST', VIRTUAL_SERVICES, reviews('a'));
  const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const events = await watch(kubernetes, query, 2);
  expect(names(events)).toEqual(['ADDED a', 'BOOKMARK undefined']);
  expect(events[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  const bare = await call('GET', `${VIRTUAL_SERVICES}?watch=true&sendInitialEvents=true`);
  expect(bare.code).toBe(422);
});

test('watches can be dropped, all at once', async () => {
  const { kubernetes } = await start();
  const watching = watch(kubernetes, 'resourceVersion=0');
  while (kubernetes.faults.dropWatches() === 0) await new Promise(resolve => setTimeout(resolve, 5));
  expect(await watching).toEqual([]);
});

test('a stalled watch stays open and says nothing any more', async () => {
  const { kubernetes } = await start();
  const response = await fetch(`${kubernetes.url}${VIRTUAL_SERVICES}?watch=true&resourceVersion=0`);
  const reader = response.body!.getReader();
  kubernetes.apply(reviews('a'));
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('"ADDED"');
  expect(kubernetes.faults.dropWatches('stall')).toBe(1);
  kubernetes.apply(reviews('b'));
  const silence = new Promise<string>(resolve => setTimeout(() => resolve('silence'), 100));
  expect(await Promise.race([reader.read().catch(() => 'closed'), silence])).toBe('silence');
  const fresh = await watch(kubernetes, 'resourceVersion=0', 2);
  expect(names(fresh)).toEqual(['ADDED a', 'ADDED b']);
});

test('closing the server ends its watches', async () => {
  const { kubernetes } = await start();
  const watching = await fetch(`${kubernetes.url}${VIRTUAL_SERVICES}?watch=true&resourceVersion=0`);
  const ended = expect(watching.text()).rejects.toThrow('terminated');
  await kubernetes.close();
  await ended;
});
