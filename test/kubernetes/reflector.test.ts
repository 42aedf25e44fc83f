import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../src/kubernetes/client.ts';
import { Reflector, type ReflectorState, type Timing } from '../../src/kubernetes/reflector.ts';
import type { KubeObject } from '../../src/object.ts';
import { Collection } from './collection.ts';
import {
  clientOf,
  clock,
  type Handler,
  json,
  keptLog,
  random,
  refuse,
  type Scripted,
  serve,
  until,
  virtualService,
} from './server.ts';

const RESOURCE = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  resource: 'virtualservices',
  namespaced: true,
};
const FAST = { firstBackoff: 5, longestBackoff: 20, missing: 20 };

let collection: Collection;
let answer: Handler;
let server: Scripted;
let client: KubeClient;
let told: string[];
let states: ReflectorState[];
let log: ReturnType<typeof keptLog>;
let reflector: Reflector | undefined;

beforeEach(async () => {
  collection = new Collection();
  answer = (seen, response) => collection.answer(seen, response);
  server = await serve((seen, response) => answer(seen, response));
  client = clientOf(server.url);
  told = [];
  states = [];
  log = keptLog();
});

afterEach(async () => {
  await reflector?.stop();
  await client.close();
  await server.close();
});

function reflect(
  options: { timing?: Partial<Timing>; put?: (object: KubeObject) => void; namespace?: string; keeps?: boolean } = {},
) {
  reflector = new Reflector({
    client,
    clock,
    random,
    log,
    resource: RESOURCE,
    namespace: options.namespace,
    timing: { ...FAST, ...options.timing },
    ...(options.keeps && { keeps: true }),
    listener: {
      put: object => {
        told.push(`put ${object.metadata.name} ${object.metadata.resourceVersion}`);
        options.put?.(object);
      },
      removed: object => told.push(`removed ${object.metadata.name}`),
    },
    onState: state => states.push(state),
  });
  reflector.start();
  return reflector;
}

const lists = () => server.seen.filter(({ query }) => !query.get('watch'));
const watches = () => server.seen.filter(({ query }) => query.get('watch'));
const names = (of: Reflector) => [...of.mirror.values()].map(({ metadata }) => metadata.name).sort();

describe('a reflector', () => {
  it('lists in pages of 500 and then watches from the version of the list, with bookmarks and a time limit', async () => {
    for (let n = 0; n < 1_200; n++) collection.put(virtualService(`vs-${n}`, '0'));
    const made = reflect();
    await until(() => collection.watches.size === 1);
    expect(made.mirror.size).toBe(1_200);
    expect(lists().map(({ query }) => query.get('continue'))).toEqual([null, '500', '1000']);
    expect(lists().every(({ query }) => query.get('limit') === '500')).toBe(true);
    const { query } = watches()[0]!;
    expect(query.get('resourceVersion')).toBe('1300');
    expect(query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(261);
    expect(Number(query.get('timeoutSeconds'))).toBeLessThanOrEqual(290);
  });

  it('follows what is added, changed and deleted', async () => {
    collection.put(virtualService('reviews', '0'));
    const made = reflect();
    await until(() => collection.watches.size === 1);
    collection.put(virtualService('ratings', '0'));
    collection.put(virtualService('reviews', '0'));
    collection.remove('ratings');
    await until(() => told.length === 4);
    expect(told).toEqual(['put reviews 101', 'put ratings 102', 'put reviews 103', 'removed ratings']);
    expect(names(made)).toEqual(['reviews']);
  });

  it('takes a bookmark for a version and not for an object', async () => {
    const made = reflect();
    await until(() => collection.watches.size === 1);
    collection.bookmark();
    collection.endWatches();
    await until(() => watches().length === 2);
    expect(watches()[1]!.query.get('resourceVersion')).toBe('101');
    expect(made.mirror.size).toBe(0);
    expect(lists()).toHaveLength(1);
  });

  it('understands an event that arrives in pieces, also within a character', async () => {
    reflect();
    await until(() => collection.watches.size === 1);
    const object = { ...virtualService('reviews', '7'), note: 'blå → grün' };
    const bytes = Buffer.from(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    const watch = [...collection.watches][0]!;
    for (let at = 0; at < bytes.length; at += 7) {
      watch.write(bytes.subarray(at, at + 7));
      await new Promise(setImmediate);
    }
    await until(() => told.length === 1);
    expect(reflector!.mirror.get('default', 'reviews')?.note).toBe('blå → grün');
  });

  it('lists again when its version is too old, and notices what went meanwhile', async () => {
    collection.put(virtualService('reviews', '0'));
    collection.put(virtualService('ratings', '0'));
    const made = reflect();
    await until(() => collection.watches.size === 1);
    const open = [...collection.watches];
    collection.watches.clear();
    collection.remove('ratings');
    collection.put(virtualService('details', '0'));
    collection.compacted = 104;
    for (const watch of open) watch.end();
    await until(() => collection.watches.size === 1);
    expect(names(made)).toEqual(['details', 'reviews']);
    expect(told.slice(2)).toEqual(['put details 104', 'removed ratings']);
  });

  it('reads the rest as one whole when the token of a page has expired', async () => {
    for (let n = 0; n < 700; n++) collection.put(virtualService(`vs-${n}`, '0'));
    collection.tokensExpired = true;
    const made = reflect();
    await until(() => made.state === 'synced');
    expect(made.mirror.size).toBe(700);
    expect(lists().map(({ query }) => query.get('limit'))).toEqual(['500', '500', null]);
  });

  it('goes on from where it was after a watch breaks, for any reason', async () => {
    const made = reflect();
    const breaks: (() => void)[] = [
      () => collection.endWatches(),
      () => [...collection.watches][0]!.destroy(),
      () => collection.send({ type: 'ERROR', object: { kind: 'Status', code: 500, message: 'etcd is away' } }),
      () => [...collection.watches][0]!.write('this is no JSON\n'),
    ];
    for (const [index, breaking] of breaks.entries()) {
      await until(() => collection.watches.size === 1);
      breaking();
      await until(() => watches().length === index + 2);
      for (const old of [...collection.watches].slice(0, -1)) old.destroy();
    }
    await until(() => collection.watches.size === 1);
    collection.put(virtualService('reviews', '0'));
    await until(() => made.mirror.size === 1);
    expect(lists()).toHaveLength(1);
    expect(made.state).toBe('synced');
  });

  it('gives up a watch on which nothing comes, and opens it again without a list', async () => {
    reflect({ timing: { silence: 60 } });
    await until(() => watches().length === 3);
    expect(lists()).toHaveLength(1);
    expect(log.lines.some(({ message }) => message === 'a watch fell silent')).toBe(true);
  });

  it('lists again when it is time to, whatever the watch says', async () => {
    collection.put(virtualService('reviews', '0'));
    const made = reflect({ timing: { relist: 1 } });
    await until(() => collection.watches.size === 1);
    // An event that never came: the object is gone without a word.
    collection.objects.clear();
    collection.version++;
    collection.endWatches();
    await until(() => made.mirror.size === 0);
    expect(told.at(-1)).toBe('removed reviews');
  });

  it('waits longer from failure to failure, and as long as the server asks', async () => {
    let refused = 0;
    const times: number[] = [];
    answer = (seen, response) => {
      times.push(performance.now());
      if (++refused <= 2) return refuse(response, 500, 'InternalError');
      if (refused === 3) return json(response, 429, { message: 'slow down' }, { 'retry-after': '1' });
      collection.answer(seen, response);
    };
    const made = reflect();
    await until(() => made.state === 'synced');
    expect(states).toEqual(['failing', 'failing', 'failing', 'synced']);
    expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(990);
  });

  it('tells that the kind is missing, forgets its objects, and finds it once it is there', async () => {
    let installed = false;
    answer = (seen, response) =>
      installed ? collection.answer(seen, response) : refuse(response, 404, 'NotFound', 'page not found');
    const made = reflect();
    await until(() => made.state === 'missing');
    collection.put(virtualService('reviews', '0'));
    installed = true;
    await until(() => made.state === 'synced');
    expect(names(made)).toEqual(['reviews']);
    installed = false;
    collection.endWatches();
    await until(() => made.state === 'missing');
    expect(made.mirror.size).toBe(0);
  });

  it('that keeps what was listed once has it while the kind is said to be missing, and not longer', async () => {
    let installed = true;
    collection.put(virtualService('reviews', '0'));
    answer = (seen, response) =>
      installed ? collection.answer(seen, response) : refuse(response, 404, 'NotFound', 'page not found');
    const made = reflect({ keeps: true });
    await until(() => made.state === 'synced');
    const { heardAt } = made;
    installed = false;
    collection.endWatches();
    await until(() => made.state === 'missing');
    expect(names(made)).toEqual(['reviews']);
    expect(made.heardAt).toBeGreaterThanOrEqual(heardAt!);
    const refused = made.heardAt;
    await until(() => lists().length > 4);
    expect(made.heardAt).toBe(refused);
    collection.remove('reviews');
    installed = true;
    await until(() => made.mirror.size === 0);
  });

  it('survives a listener that throws, and says so', async () => {
    const made = reflect({
      put: object => {
        if (object.metadata.name === 'bad') throw new Error('listener broke');
      },
    });
    await until(() => collection.watches.size === 1);
    collection.put(virtualService('bad', '0'));
    collection.put(virtualService('good', '0'));
    await until(() => made.mirror.size === 2);
    expect(log.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'a watch listener failed',
    ]);
  });

  it('keeps an answer to an own write against an older event that comes late', async () => {
    const made = reflect();
    await until(() => collection.watches.size === 1);
    made.absorb(virtualService('reviews', '110'));
    collection.send({ type: 'MODIFIED', object: virtualService('reviews', '105') });
    collection.send({ type: 'ADDED', object: virtualService('ratings', '111') });
    await until(() => made.mirror.size === 2);
    expect(made.mirror.get('default', 'reviews')?.metadata.resourceVersion).toBe('110');
  });

  it('does not bring back what was deleted when the answer to a write comes late', async () => {
    const made = reflect();
    await until(() => collection.watches.size === 1);
    collection.send({ type: 'DELETED', object: virtualService('reviews', '120') });
    collection.send({ type: 'ADDED', object: virtualService('ratings', '121') });
    await until(() => made.mirror.size === 1);
    made.absorb(virtualService('reviews', '119'));
    expect(names(made)).toEqual(['ratings']);
  });

  it('keeps objects without managed fields and kubectl’s copy, frozen', async () => {
    collection.put(
      virtualService('reviews', '0', {
        managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': {} } }],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', owner: 'team-a' },
      }),
    );
    const made = reflect();
    await until(() => made.mirror.size === 1);
    const { metadata, spec } = made.mirror.get('default', 'reviews')!;
    expect(metadata).toEqual({
      name: 'reviews',
      namespace: 'default',
      uid: 'uid-reviews',
      resourceVersion: '101',
      annotations: { owner: 'team-a' },
    });
    expect(Object.isFrozen(spec!.hosts)).toBe(true);
    const changed = { managedFields: [{}], annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } };
    collection.put(virtualService('reviews', '0', changed));
    await until(() => made.mirror.get('default', 'reviews')!.metadata.resourceVersion === '102');
    expect(made.mirror.get('default', 'reviews')!.metadata).toEqual({
      name: 'reviews',
      namespace: 'default',
      uid: 'uid-reviews',
      resourceVersion: '102',
      annotations: {},
    });
  });

  it('watches one namespace where it is told to', async () => {
    reflect({ namespace: 'shop' });
    await until(() => collection.watches.size === 1);
    expect(new Set(server.seen.map(({ path }) => path))).toEqual(
      new Set(['/apis/networking.istio.io/v1/namespaces/shop/virtualservices']),
    );
  });
});
