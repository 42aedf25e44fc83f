/** One round: many cases are put into the mesh together, asked about, and compared with what was predicted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import {
  type Case,
  CLIENTS,
  type ClientName,
  type Made,
  NAMESPACES,
  type Probe,
  SIDECARS,
  serviceHost,
} from '../case.ts';
import { disagreements, RARE } from '../compare.ts';
import { Disturbed, differences } from '../disturbed.ts';
import type { Expected, Observed } from '../outcome.ts';
import { predict } from '../predict.ts';
import { type Setting, settingObjects } from '../setting.ts';
import { GUARD, object } from '../surroundings.ts';
import { BATCH, clearConfiguration, configuration, inLanes, type Lab, send, toldAnew } from './lab.ts';
import { observations } from './observe.ts';

const NETWORKING = 'networking.istio.io/v1';

/** Writes at a time. */
const LANES = 10;

export interface Verdict {
  found: Case;
  probe: Probe;
  expected: Expected;
  seen: Observed[];
  /** Empty: prediction and mesh agree. */
  said: string[];
}

export interface Round {
  verdicts: Verdict[];
  /** What the webhook refused, with its words. */
  refused: { object: KubeObject; why: string }[];
  /** Agreed only once istiod had told the proxies everything anew; as they were before that. */
  stale: Verdict[];
  world: World;
  /** How long writing, spreading, asking and asking again took, for people. */
  took: string;
}

export interface BatchOptions {
  number: number;
  setting: Setting;
  /** ms to wait before those that disagree are asked again, once for each. */
  again?: number[];
  /** Those that still disagree are asked once more when istiod has told its proxies everything anew. */
  anew?: boolean;
}

/** Throws Disturbed where somebody else wrote meanwhile. */
export async function runBatch(
  lab: Lab,
  cases: Case[],
  { number, setting, again: pauses = [1_000, 3_000, 8_000], anew = true }: BatchOptions,
): Promise<Round> {
  const { api } = lab;
  const took: string[] = [];
  let since = Date.now();
  const lap = (what: string) => {
    took.push(`${what} ${Math.round((Date.now() - since) / 100) / 10} s`);
    since = Date.now();
  };
  await clearConfiguration(api);
  lap('cleared');
  const refused: Round['refused'] = [];
  const created: KubeObject[] = [];
  const write = async (each: KubeObject) => {
    const metadata = { ...each.metadata, labels: { ...each.metadata.labels, [BATCH]: String(number) } };
    const given = await api.create({ ...each, metadata });
    if ('refused' in given) refused.push({ object: each, why: given.refused });
    else created.push(given.created);
  };
  const made = cases.flatMap(each => each.made);
  const isYoung = ({ young }: Made) => young;
  const old = made.filter(each => !isYoung(each)).map(each => each.object);
  const young = made.filter(isYoung).map(each => each.object);
  await inLanes([...old, ...settingObjects(cases, setting)], LANES, write);
  if (young.length > 0) await sleep(1_050);
  await inLanes(young, LANES, write);
  await sleep(300);
  for (const each of markers(number)) await write(each);
  lap('written');
  await everywhere(lab, number);
  lap('spread');

  const listed = await configuration(api);
  const ours = listed.filter(each => each.metadata.labels?.[BATCH] !== undefined);
  undisturbed(created, ours);
  const world = new World([...lab.standing, ...listed]);
  const asked = cases.flatMap(found => found.probes.map(probe => ({ found, probe, expected: predict(world, probe) })));
  const verdicts = await look(lab, asked, `${number}`, FIRST);
  lap('asked');
  // What a proxy had not heard of yet is no disagreement: these are asked again. Those that agree now, as they were.
  const askAgain = async (name: string) => {
    const doubtful = verdicts.filter(each => each.said.length > 0);
    if (doubtful.length === 0) return [];
    const were = doubtful.map(each => ({ ...each }));
    const again = await look(lab, doubtful, `${number}-${name}`, AGAIN);
    return were.filter((_, index) => Object.assign(doubtful[index]!, again[index]).said.length === 0);
  };
  for (const pause of pauses) {
    if (verdicts.every(each => each.said.length === 0)) break;
    await sleep(pause);
    await askAgain(`${pause}`);
  }
  let stale: Verdict[] = [];
  if (anew && verdicts.some(each => each.said.length > 0)) {
    await toldAnew(api);
    stale = await askAgain('anew');
  }
  lap('asked again');
  undisturbed(listed, await configuration(api));
  return { verdicts, stale, refused, world, took: took.join(', ') };
}

function undisturbed(before: KubeObject[], after: KubeObject[]): void {
  const said = differences(before, after);
  if (said.length > 0) throw new Disturbed(said);
}

/** How often is asked where chance plays, and how rare a count has to be to be told. */
interface Look {
  times: number;
  rare: number;
}

/** What looks odd is asked again, and then so often that hardly anything is taken for chance. */
const FIRST: Look = { times: 40, rare: 1e-4 };
const AGAIN: Look = { times: 250, rare: RARE };

async function look(
  lab: Lab,
  asked: Omit<Verdict, 'seen' | 'said'>[],
  prefix: string,
  { times, rare }: Look,
): Promise<Verdict[]> {
  const orders = asked.map((each, index) =>
    Array.from({ length: isChance(each.expected) ? times : 2 }, (_, time) =>
      order(lab, each.probe, `truth-${prefix}-${index}-${time}`),
    ),
  );
  const seen = await observations(
    lab,
    asked.map(({ probe }, index) => ({ client: probe.client, orders: orders[index]! })),
  );
  return asked.map((each, index) => ({
    ...each,
    seen: seen[index]!,
    said: disagreements(each.expected, seen[index]!, rare),
  }));
}

/** What happens surely is seen at once; shares have to be counted. */
function isChance({ chances, mirrors }: Expected): boolean {
  return chances.length > 1 || mirrors.some(each => each.share < 1);
}

export interface Order extends JsonObject {
  id: string;
  address: string;
  port: number;
  host: string;
  path: string;
  method: string;
  headers: Record<string, string>;
}

/** Sidecars look at the port and the Host header alone; the address is where an unknown host leads to. */
function order({ addresses }: Lab, probe: Probe, id: string): Order {
  const { client, host, port, path, method, headers } = probe;
  return { id, address: client === 'outside' ? addresses.gate : addresses.landing, port, host, path, method, headers };
}

/** Says which batch a proxy has: written last, so that what was written before is there, too. */
function markers(number: number): KubeObject[] {
  const { a, c, gate } = NAMESPACES;
  const heard = {
    selector: { matchLabels: { app: GUARD } },
    action: 'DENY',
    rules: [{ when: [{ key: 'request.headers[x-batch]', values: [String(number)] }] }],
  };
  const servers = [80, 8000].map(port => ({
    port: { number: port, name: `http-${port}`, protocol: 'HTTP' },
    hosts: ['marker.example.com'],
  }));
  return [
    object('security.istio.io/v1', 'AuthorizationPolicy', 'heard', c, {}, { spec: heard }),
    object(NETWORKING, 'Gateway', 'marker', gate, {}, { spec: { selector: { istio: 'truth-gate' }, servers } }),
    object(
      NETWORKING,
      'VirtualService',
      'marker',
      a,
      {},
      {
        spec: {
          hosts: [serviceHost('marker', a), 'marker.example.com'],
          gateways: ['mesh', `${gate}/marker`],
          http: [{ directResponse: { status: 200, body: { string: `batch ${number}` } } }],
        },
      },
    ),
  ];
}

async function everywhere(lab: Lab, number: number): Promise<void> {
  const names: ClientName[] = [...SIDECARS, 'outside'];
  for (const client of names) {
    const host = client === 'outside' ? 'marker.example.com' : serviceHost('marker', NAMESPACES.a);
    const ask = (port: number, time: number) =>
      order(lab, { client, host, port, path: '/', method: 'GET', headers: {} }, `marker-${number}-${port}-${time}`);
    for (let left = 200; ; left -= 1) {
      const back = await send(lab, client, [ask(80, left), ask(8000, left)], 2);
      if (back.every(each => each.body === `batch ${number}`)) break;
      if (left === 0)
        throw new Error(
          `${CLIENTS[client].namespace}/${client} never heard of batch ${number}: ${JSON.stringify(back)}`,
        );
      await sleep(100);
    }
  }
  const guarded = order(
    lab,
    { client: 'plain-c', host: serviceHost('guarded', NAMESPACES.c), port: 80, path: '/', method: 'GET', headers: {} },
    'guarded',
  );
  for (let left = 200; ; left -= 1) {
    const [back] = await send(lab, 'plain-c', [{ ...guarded, headers: { 'x-batch': String(number) } }], 1);
    if (back?.status === 403) break;
    if (left === 0) throw new Error(`the guarded pod never heard of batch ${number}: ${JSON.stringify(back)}`);
    await sleep(100);
  }
  await sleep(200);
}
