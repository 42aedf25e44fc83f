import { readFileSync, writeFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { localApi, refusalOf } from './admission.ts';
import { NAMESPACES } from './case.ts';
import { drawCase } from './generate/case.ts';
import { everyWay } from './generate/spoiled.ts';
import { Api } from './lab/api.ts';
import { Draw } from './random.ts';
import { settingObjects } from './setting.ts';
import { bystanding, quiet } from './surroundings.ts';

/** What a real API server with istiod's webhook said, '' where it took the object. In the order of everyWay. */
const OF_WAYS = new URL('./refusals.yaml', import.meta.url);
/** The same, of objects that are told there. */
const OF_OBJECTS = new URL('./refusals-more.yaml', import.meta.url);

interface Kept {
  kind: string;
  spec: JsonObject;
  said: string;
}

const read = <T>(file: URL) => load(readFileSync(file, 'utf8')) as T;
const truth = () => [...read<{ said: string[] }>(OF_WAYS).said, ...read<Kept[]>(OF_OBJECTS).map(({ said }) => said)];

function keep(said: string[]): void {
  const row = (each: Kept, index: number) =>
    dump([{ ...each, said: said[ways.length + index] }], { lineWidth: -1, flowLevel: 2 });
  writeFileSync(OF_OBJECTS, read<Kept[]>(OF_OBJECTS).map(row).join(''));
  writeFileSync(OF_WAYS, dump({ said: said.slice(0, ways.length) }, { lineWidth: -1 }));
}

const isReal = process.env.MESHBOT_WORLD === 'mesh';
/** MESHBOT_REFUSALS=record keeps what the real API server says as the truth. */
const isRecording = isReal && process.env.MESHBOT_REFUSALS === 'record';

const ways = everyWay(NAMESPACES.b);
const told = read<Kept[]>(OF_OBJECTS).map(
  ({ kind, spec }): KubeObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name: 'spoiled', namespace: NAMESPACES.b },
    spec,
  }),
);
const objects = [...ways, ...told];
const CASES = 60;
const WRITTEN = ['Sidecar', 'AuthorizationPolicy', 'PeerAuthentication', 'Telemetry'];

/** Without what Go's parser finds wrong with an expression, and where Go's order of a map decides what is said. */
function wordsOf(text: string): string {
  return text
    .replace(/(error parsing regexp): .*(?=; Istio uses)/, '$1')
    .replace(/(authority header cannot be set multiple times): .*/, '$1');
}

async function askedApi(): Promise<{ api: Api; close(): Promise<void> }> {
  if (!isReal) return localApi();
  const api = new Api();
  const made: KubeObject[] = [];
  for (const name of Object.values(NAMESPACES)) {
    const answer = await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }).catch(() => undefined);
    if (answer && 'created' in answer) made.push(answer.created);
  }
  return {
    api,
    close: async () => {
      for (const namespace of made) await api.deleteObject(namespace);
      await api.close();
    },
  };
}

describe(`the ${isReal ? 'real' : 'local'} Kubernetes API`, () => {
  let asked: Awaited<ReturnType<typeof askedApi>>;
  const said: string[] = [];

  beforeAll(async () => {
    asked = await askedApi();
    for (const object of objects) {
      const refusal = (await refusalOf(asked.api, object)) ?? '';
      said.push(refusal.replace(`${object.metadata.name}: `, ''));
    }
    if (isRecording) keep(said);
  });
  afterAll(() => asked?.close());

  it('refuses what the real one was seen to refuse, and takes what that took', () => {
    const kept = truth();
    expect(kept).toHaveLength(objects.length);
    const apart = objects.filter((_, index) => (said[index] === '') !== (kept[index] === ''));
    expect(apart).toEqual([]);
  });

  it('says why in the same words', () => {
    expect(said.map(wordsOf)).toEqual(truth().map(wordsOf));
  });

  it('takes the Sidecars and policies that the pairs are guarded with', async () => {
    const draw = new Draw(12);
    const cases = Array.from({ length: CASES }, (_, index) => drawCase(draw, index, 1));
    const drawn = [
      ...cases.flatMap(each => each.made.map(({ object }) => object)),
      ...settingObjects(cases, { mode: 'REGISTRY_ONLY', mtls: 'STRICT', narrow: true }),
      ...settingObjects(cases, { mode: 'ALLOW_ANY', mtls: 'DISABLE', narrow: false }),
      ...quiet(),
      bystanding(NAMESPACES.a),
    ].filter(({ kind }) => WRITTEN.includes(kind));
    expect(new Set(drawn.map(({ kind }) => kind))).toEqual(new Set(WRITTEN));
    const refused: (string | undefined)[] = [];
    for (const object of drawn) refused.push(await refusalOf(asked.api, object));
    expect(refused.filter(each => each !== undefined)).toEqual([]);
  });
});
