/**
 * Which proxies hold the written routes: read from each Envoy, again and again until all do or time is up. It may take
 * 0.2 s or 16 s, so nothing is concluded from time.
 */
import type { Receipt } from '../../change/meshchange.ts';
import { gatewaysOf } from '../../istio/route/mesh.ts';
import type { Client } from '../../istio/route/request.ts';
import type { KubeObject } from '../../object.ts';
import { type Clock, type MeshProxy, ProbeError, type Proxies, type Write } from '../../ports.ts';
import { heldLines } from './envoy.ts';
import { intendedLines, isReadable } from './intended.ts';

export type Convergence = NonNullable<Receipt['proxies']>;

/** Proxies that are asked; a mesh has thousands, and each answers with all of its routes. */
const MOST = 100;
/** Asked at once. */
const AT_ONCE = 8;
/** ms after the write: istiod waits for 100 ms whether more is to come, so nobody has it before. */
const FIRST = 130;
/** ms between two rounds, growing: slowly while one is asked for all. */
const PAUSE = 50;
const GROWTH = 1.6;
const GROWTH_OF_ONE = 1.3;
const LONGEST_PAUSE = 2_000;
/** ms without another proxy that has what was created, after which it is not for those that have none of it. */
const QUIET = 3_000;
/**
 * ms after the write for which one is asked for all, until it has the route: they get it together, as a rule, and each
 * question takes time of a processor that may be busy to push.
 */
const SCOUTING = 2_000;
/** Questions without an answer after which a proxy is asked no more. */
const SILENCES = 2;
/** Names that are told. */
const NAMED = 5;

type Answer =
  | 'new'
  /** The route before, or one of an earlier step. */
  | 'old'
  /** None of these: somebody else's change, or a route that is written otherwise than is known here. */
  | 'other'
  /** No route of it, though it is to have one. */
  | 'missing'
  /** No route of it: it is not for this proxy, or has not come yet. */
  | 'none'
  | 'unanswered';

export interface Asking {
  /** The VirtualService that was written; a deletion has no `after`. */
  write: Write;
  /** What the object was between `before` and `after`, where it went there by steps. */
  older?: KubeObject[] | undefined;
  /** Epoch ms of the write. */
  since: number;
  /** ms for which it is asked. */
  patience: number;
  /** Of the only service that it routes, where it has one port: sidecars need not tell of others. */
  port?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface Askable {
  proxies: Proxies;
  clock: Clock;
  /** Whether a proxy is to have routes of it, by the mesh's objects; left out, or false where that is not known. */
  isMeantFor?: ((proxy: MeshProxy, virtualService: KubeObject) => boolean) | undefined;
}

/** undefined: there is nothing to ask, or nobody. Never throws for what proxies answer. */
export async function convergence(
  { proxies, clock, isMeantFor }: Askable,
  { write, older = [], since, patience, port, signal }: Asking,
): Promise<Convergence | undefined> {
  const { before, after } = write;
  const states = { ...write, older: older.filter(isReadable) };
  if (![before, after].every(object => !object || isReadable(object))) return undefined;
  const known = concerned(proxies.list(), [before, after]);
  if (known.length === 0) return undefined;
  const asked = known.slice(0, MOST);
  const answers = new Map<MeshProxy, Answer>();
  const refused = new Map<string, string>();
  /** Who gave no answer is asked once more, and not again: each question takes time of its node. */
  const silent = new Map<MeshProxy, number>();
  const isGivenUp = (proxy: MeshProxy) => refused.has(proxy.namespace) || (silent.get(proxy) ?? 0) >= SILENCES;
  /** Of one that has no route of it, while the mesh's objects say that it is to have one. */
  const isMissing = (proxy: MeshProxy) => after !== undefined && isMeantFor?.(proxy, after) === true;
  const until = clock.now() + patience;
  // However little time there is, the others are asked too.
  const scouting = Math.min(SCOUTING, patience / 4);
  let took: number | undefined;
  const early = since + FIRST - clock.now();
  if (early > 0 && early <= FIRST) await clock.sleep(early, signal);
  for (let pause = PAUSE; ; ) {
    const open = asked.filter(proxy => !isDone(answers.get(proxy), after) && !isGivenUp(proxy));
    const isEarly = took === undefined && silent.size === 0 && clock.now() - since < scouting;
    const scout = isEarly ? open.find(proxy => isExpected(answers.get(proxy), before)) : undefined;
    await inTurns(scout ? [scout] : open, async proxy => {
      if (isGivenUp(proxy) || clock.now() > until + LONGEST_PAUSE) return;
      const answer = await ask(proxies, proxy, states, port).catch((error: unknown) => {
        if (!(error instanceof ProbeError)) throw error;
        // What may not be asked of one pod may not of its neighbours.
        if (error.forbidden) refused.set(proxy.namespace, error.message);
        silent.set(proxy, (silent.get(proxy) ?? 0) + 1);
        return 'unanswered' as const;
      });
      if (answer === 'new') took = clock.now() - since;
      answers.set(proxy, answer);
    });
    // What was created comes to some proxies before others; where it came to none, it may still.
    const isComing = took === undefined || clock.now() - since - took < QUIET;
    const waiting = asked.some(proxy => {
      if (isGivenUp(proxy)) return false;
      const answer = answers.get(proxy);
      return answer === 'none' ? isMissing(proxy) || (!before && isComing) : answer !== 'new';
    });
    if (!waiting || clock.now() >= until || signal?.aborted) break;
    // It has come to the first: the others are asked at once.
    if (scout && took !== undefined) continue;
    await clock.sleep(pause, signal);
    pause = Math.min(LONGEST_PAUSE, pause * (scout ? GROWTH_OF_ONE : GROWTH));
  }
  // A pod that is gone need not answer.
  const left = new Set(proxies.list().map(nameOf));
  for (const proxy of asked) {
    const answer = answers.get(proxy);
    // What it said before it could not be asked any more may not hold any more.
    if (refused.has(proxy.namespace) && answer !== 'new') answers.set(proxy, 'unanswered');
    else if (answer === 'none' && isMissing(proxy)) answers.set(proxy, 'missing');
  }
  const there = asked.filter(proxy => answers.get(proxy) !== 'unanswered' || left.has(nameOf(proxy)));
  return counted(there, known.length - (asked.length - there.length), answers, { refused, took });
}

const nameOf = ({ namespace, pod }: MeshProxy) => `${pod}.${namespace}`;

function counted(
  asked: MeshProxy[],
  known: number,
  answers: Map<MeshProxy, Answer>,
  { refused, took }: { refused: Map<string, string>; took: number | undefined },
): Convergence {
  const those = (answer: Answer) => asked.filter(proxy => (answers.get(proxy) ?? 'unanswered') === answer);
  const named = (answer: Answer) => those(answer).map(nameOf);
  const [why] = refused.values();
  // Where none answers, their names say nothing.
  const silent = why === undefined && those('unanswered').length < asked.length ? named('unanswered') : [];
  return {
    known,
    asked: asked.length,
    hold: those('new').length,
    ...(took !== undefined && { took: Math.max(0, Math.round(took)) }),
    behind: those('old').length + those('missing').length,
    ...(those('missing').length > 0 && { missing: those('missing').length }),
    other: those('other').length,
    without: those('none').length,
    unanswered: those('unanswered').length,
    names: [...named('old'), ...named('missing'), ...named('other'), ...silent].slice(0, NAMED),
    ...(why !== undefined && { why }),
  };
}

/** Gateways for what is bound to one, sidecars for what is for the mesh; those of the object's own namespace first. */
function concerned(all: MeshProxy[], objects: (KubeObject | undefined)[]): MeshProxy[] {
  const there = objects.filter(object => object !== undefined);
  const bound = new Set(there.flatMap(gatewaysOf));
  const home = there[0]?.metadata.namespace;
  const far = ({ namespace }: MeshProxy) => (namespace === home ? 0 : 1);
  return all
    .filter(({ gateway }) => (gateway ? [...bound].some(name => name !== 'mesh') : bound.has('mesh')))
    .sort((a, b) => far(a) - far(b));
}

async function ask(
  proxies: Proxies,
  proxy: MeshProxy,
  { ref, before, after, older }: Write & { older: KubeObject[] },
  port: number | undefined,
): Promise<Answer> {
  // A gateway listens on ports of its own.
  const held = heldLines(await proxies.routes(proxy, proxy.gateway ? undefined : port), ref);
  const wanted = (object: KubeObject | undefined, port: number): string[] =>
    object ? intendedLines(object, clientOf(proxy, port), port) : [];
  if (held.length === 0) return after ? 'none' : 'new';
  if (held.every(({ port, lines }) => same(lines, wanted(after, port)))) return 'new';
  const isOld = [before, ...older].some(object => held.some(({ port, lines }) => same(lines, wanted(object, port))));
  return isOld ? 'old' : 'other';
}

/** Nothing is known yet, or it still has what was before. */
function isExpected(answer: Answer | undefined, before: KubeObject | undefined): boolean {
  return answer === undefined || answer === 'old' || (answer === 'none' && !before);
}

function isDone(answer: Answer | undefined, after: KubeObject | undefined): boolean {
  return answer === 'new' || (answer === 'none' && after === undefined);
}

function clientOf({ namespace, labels, gateway }: MeshProxy, port: number): Client {
  return gateway ? { kind: 'gateway', namespace, labels, port } : { kind: 'sidecar', namespace, labels };
}

function same(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}

async function inTurns<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const next = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, next));
}
