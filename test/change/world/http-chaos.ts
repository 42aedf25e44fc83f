/** One seeded schedule over a real API server's HTTP: kills, broken connections, throttling, and an outsider. */
import { readButton } from '../../../src/change/button.ts';
import { recordClick } from '../../../src/change/decide.ts';
import { isSettled } from '../../../src/change/due.ts';
import type { MeshChange } from '../../../src/change/meshchange.ts';
import { isEnd, statusOf } from '../../../src/change/phases.ts';
import type { KubeObject } from '../../../src/object.ts';
import { refKey, refOf } from '../../../src/object.ts';
import { type Click, type Clock, ClusterError } from '../../../src/ports.ts';
import type { LocalKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import { HttpReplica, type HttpWorld } from './http-replica.ts';
import { checkEnd } from './invariants.ts';
import { type Entry, entryOf } from './ledger.ts';
import { routed, serviceRef } from './plans.ts';
import { Dice } from './simulation.ts';
import { Slack, shownDigest, TEAM } from './slack.ts';
import type { Clicked } from './town.ts';

/** Virtual ms per real one: what takes minutes with people takes seconds here. */
const SPEED = 40;
const BASE = Date.now();

export const fastClock: Clock = {
  now: () => Math.round(BASE + (Date.now() - BASE) * SPEED),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, ms / SPEED);
      const early = (): void => {
        clearTimeout(timer);
        resolve();
      };
      signal?.addEventListener('abort', early, { once: true });
    }),
};

/** Throws on the first broken promise. Resolves to the phases in which the changes ended. */
export async function runHttpSchedule(kubernetes: LocalKubernetes, seed: number): Promise<string[]> {
  const dice = new Dice(seed);
  const namespaces = { own: `bot-${seed}`, mesh: `mesh-${seed}` };
  for (const name of Object.values(namespaces)) {
    kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  const slack = new Slack({
    get now() {
      return fastClock.now();
    },
  });
  const changes = new Map<string, MeshChange>();
  const ledger: Entry[] = [];
  const clicked: Clicked[] = [];
  const broken: Error[] = [];
  let outside = false;
  const known = new Map<string, KubeObject>();
  const unwatch = kubernetes.onChange((type, object) => {
    const { namespace } = object.metadata;
    if (object.kind === 'MeshChange' && namespace === namespaces.own) {
      changes.set(object.metadata.name, object as unknown as MeshChange);
    }
    if (object.kind !== 'VirtualService' || namespace !== namespaces.mesh) return;
    const key = refKey(refOf(object));
    const before = known.get(key);
    known.set(key, object);
    if (outside) {
      const mark = object.metadata.annotations?.['meshbot.dev/change'];
      ledger.push({ kind: 'outside', change: '', revision: 0, key, mark, deletes: type === 'DELETED' });
      return;
    }
    try {
      ledger.push(entryOf(changes.values(), clicked, { ref: refOf(object), ...(before && { before }), after: object }));
    } catch (error) {
      broken.push(error as Error);
    }
  });
  const edit = (object: KubeObject): void => {
    outside = true;
    kubernetes.apply(object);
    outside = false;
  };
  for (const name of ['a', 'b']) edit(routed(name, 0, undefined, namespaces.mesh));
  ledger.length = 0;

  let trouble = true;
  let births = 0;
  const replicas: HttpReplica[] = [];
  const all: HttpReplica[] = [];
  const bear = (): void => {
    const replica = new HttpReplica(world, `replica-${++births}`);
    all.push(replica);
    replica.start().then(
      () => replica.dead || replicas.push(replica),
      () => bear(),
    );
  };
  const rate = dice.pick([0, 0.01, 0.03]);
  const world: HttpWorld = {
    server: kubernetes.url,
    namespaces,
    clock: fastClock,
    dice,
    slack,
    kill: () => (trouble ? rate : 0),
    killed: replica => {
      const at = replicas.indexOf(replica);
      if (at >= 0) replicas.splice(at, 1);
      void fastClock.sleep(dice.between(500, 10_000)).then(bear);
    },
  };
  for (let index = 0; index < 3; index++) {
    bear();
    await fastClock.sleep(1_000);
  }

  const path = new RegExp(`${namespaces.own}|${namespaces.mesh}`);
  for (const kind of ['reset', 'reset-after-commit', 'conflict', 'timeout-after-commit', 'error'] as const) {
    if (dice.chance(0.5))
      kubernetes.faults.inject({ kind }, { path, watch: false, times: 1 + Math.floor(dice.next() * 3) });
  }
  const acknowledged = new Set<string>();
  const given = ['a', 'b', 'a,b', '?'].map(services => ({ services, v3: dice.pick([10, 50, 100]) }));
  const asked = [dice.pick(given), dice.pick(given)].map((each, index) => ({ name: `change-${index}`, given: each }));
  const started = fastClock.now();
  let troubledEdit = dice.chance(0.3);
  let clicks = 0;
  const store = () => (replicas.length > 0 ? dice.pick(replicas).store : undefined);

  let lastAsked = 0;
  const ask = (): void => {
    if (fastClock.now() - lastAsked < 10_000) return;
    lastAsked = fastClock.now();
    for (const { name, given } of asked) {
      if (acknowledged.has(name)) continue;
      const spec: MeshChange['spec'] = {
        verb: 'set',
        arguments: given,
        text: `set ${given.services} ${given.v3}`,
        requester: { team: TEAM, user: 'UASK' },
        origin: { channel: 'CMESH' },
      };
      store()
        ?.create({ name, namespace: namespaces.own, spec })
        .then(
          () => acknowledged.add(name),
          error => error instanceof ClusterError && error.kind === 'already-exists' && acknowledged.add(name),
        );
    }
  };
  /** Slack delivers a click again when nobody has answered for a while; a killed replica never does. */
  const delivered = new Map<Clicked, number>();
  const deliver = (one: Clicked): void => {
    const at = store();
    if (!at || fastClock.now() - (delivered.get(one) ?? 0) < 20_000) return;
    delivered.set(one, fastClock.now());
    recordClick(at, one.click, fastClock.now()).then(
      answer => {
        one.answer ??= answer ?? 'stored';
      },
      () => {},
    );
  };
  /** Whoever has clicked waits for what comes of it before they click again. */
  const isWaiting = (change: string): boolean =>
    clicked.some(({ click, answer }) => {
      if (readButton(click.change).change !== change) return false;
      const decision = changes.get(change)?.status?.decisions?.find(({ id }) => id === click.delivery);
      return answer === undefined || (answer === 'stored' && !decision?.verdict);
    });
  const click = (
    kind: Click['kind'],
    user: string,
    change: string,
    message: Slack['messages'][number],
    choice?: string,
  ) => {
    const { channel, ts, view } = message;
    const delivery = `d${++clicks}`;
    const reason = kind === 'reject' ? { reason: 'not tonight' } : {};
    const one: Clicked = {
      click: {
        delivery,
        kind,
        change,
        clicker: { team: TEAM, user },
        posted: { channel, ts },
        ...reason,
        ...(choice !== undefined && { choice }),
      },
      at: fastClock.now(),
      shown: shownDigest(view),
    };
    clicked.push(one);
    deliver(one);
  };
  const look = (): void => {
    for (const { message, change, value } of slack.withButton('approve')) {
      if (isWaiting(change)) continue;
      const roll = dice.next();
      if (roll < 0.4) click('approve', 'UBEN', value, message);
      // At the same moment, most likely on another replica.
      if (roll < 0.1) click('approve', 'UCAT', value, message);
      else if (roll < 0.5) click('approve', 'UCAT', value, message);
      else if (roll < 0.55) click('reject', 'UCAT', change, message);
      else if (roll < 0.6) click('approve', 'UGUEST', value, message);
    }
    for (const message of slack.messages) {
      const choice = message.view.parts.find(part => part.kind === 'choice');
      if (choice?.kind === 'choice' && !isWaiting(choice.value))
        click('choose', 'UASK', choice.value, message, dice.pick(['a', 'b']));
    }
  };

  const over = () =>
    acknowledged.size === asked.length &&
    clicked.every(each => each.answer !== undefined) &&
    [...changes.values()].every(
      change => isEnd(statusOf(change).phase) && isSettled(change, undefined, fastClock.now()),
    );
  try {
    let quiet = 0;
    for (let turn = 0; quiet < 8; turn++) {
      await fastClock.sleep(2_000);
      if (broken[0]) throw broken[0];
      trouble = fastClock.now() - started < 60_000;
      if (fastClock.now() - started > 3_600_000) {
        const where = [...changes.values()].map(each => {
          const { phase, message, claim, decisions } = statusOf(each);
          const open = decisions.filter(decision => !decision.verdict).length;
          return `${each.metadata.name} ${phase} (${message ?? ''}) held by ${claim?.holder} ${claim?.term}, ${open} clicks open`;
        });
        where.push(...replicas.map(replica => replica.summary()));
        throw new Error(`not over after a virtual hour: ${where.join('; ')}`);
      }
      ask();
      for (const one of clicked) if (one.answer === undefined) deliver(one);
      if (turn % 2 === 0) look();
      if (troubledEdit && turn === 8) {
        troubledEdit = false;
        const found = kubernetes.get({ ...serviceRef('a'), namespace: namespaces.mesh });
        if (found) edit(routed('a', 5, found, namespaces.mesh));
      }
      quiet = !trouble && over() ? quiet + 1 : 0;
    }
    checkEnd({ changes, ledger, slack, clicked }, asked.length);
    return [...changes.values()].map(change => statusOf(change).phase);
  } finally {
    unwatch();
    world.killed = () => {};
    await Promise.all(all.map(replica => replica.close()));
  }
}
