/**
 * B8: how fast a shift by steps goes back. From a click on Abort to weight 0, beside a bare PATCH of such an object with
 * a warm connection; and from a breach that Prometheus shows to weight 0.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from '../src/object.ts';
import type { LocalKubernetes } from '../src/sandbox/kubernetes/kubernetes.ts';
import type { PageMessage } from '../src/sandbox/slack/page-protocol.ts';
import { MESH, RIKO, SAM } from '../src/sandbox/slack/people.ts';
import { type LocalSlack, startSlack } from '../src/sandbox/slack/server.ts';
import { manifestOf } from '../src/start/manifest.ts';
import { startChild } from './child.ts';
import { OWN, startCrowd } from './crowd.ts';
import { ms, type Outcome, quantile } from './figures.ts';
import { startGauge } from './gauge.ts';

/** Changes, one after the other, that are aborted; and that break a gate. */
const ABORTS = 15;
const BREACHES = 8;
/** The first ones pay for connections and compilers. */
const WARM = 3;
/**
 * Argo Rollouts 1.10 took 36 ms from abort to weight 0 where a warm PATCH took 6.7 ms, on one machine. Twice that, in
 * PATCHes: a machine's speed is in both.
 */
const BOUND = (2 * 36) / 6.7;
/** ms. Flagger 1.36 took 10 to 20 s. */
const BREACH_BOUND = 2_000;

export async function back(): Promise<Outcome[]> {
  const kubernetes = await startCrowd({ virtualServices: 1_000, services: ABORTS + BREACHES + WARM });
  const gauge = await startGauge();
  const slack = await startSlack(manifestOf());
  const { apiUrl, botToken, appToken } = slack;
  try {
    const bot = await startChild('meshbot', {
      slack: { apiUrl, botToken, appToken },
      ...{ kubernetes: kubernetes.url, namespace: OWN, prometheus: gauge.url },
    });
    try {
      const aborts: number[] = [];
      const patches: number[] = [];
      for (let index = 0; index < ABORTS + WARM; index++) {
        const name = `svc-${index}`;
        const card = await begun(slack, kubernetes, name);
        const patch = await barePatch(kubernetes, `other-${ABORTS + BREACHES + WARM + index}`);
        const isBack = weightGone(kubernetes, name);
        const clicked = performance.now();
        await slack.as(SAM).click(card, 'abort');
        const took = (await isBack) - clicked;
        if (index < WARM) continue;
        aborts.push(took);
        patches.push(patch);
      }
      const breaches: number[] = [];
      for (let index = ABORTS + WARM; index < ABORTS + WARM + BREACHES; index++) {
        const name = `svc-${index}`;
        await begun(slack, kubernetes, name);
        // At any moment between two questions.
        await sleep(1_500 + (index % 5) * 230);
        const isBack = weightGone(kubernetes, name);
        const shown = performance.now();
        gauge.fail(0.3);
        breaches.push((await isBack) - shown);
        gauge.fail(0);
      }
      return [abortOutcome(aborts, patches), breachOutcome(breaches)];
    } finally {
      await bot.stop();
    }
  } finally {
    await slack.close();
    await gauge.close();
    await kubernetes.close();
  }
}

/** A shift by steps whose first step is in the mesh; resolves to its card, with its buttons. */
async function begun(slack: LocalSlack, kubernetes: LocalKubernetes, name: string): Promise<PageMessage> {
  await slack.as(RIKO).say(MESH.id, `/mesh shift ${name} v2 10,50,100 --every 10m --gate errors<1%`);
  const find = (button: string) => () =>
    slack.messages(MESH.id).find(({ blocks }) => {
      const text = JSON.stringify(blocks ?? []);
      return text.includes(`"${button}"`) && text.includes(`of ${name} `);
    });
  const card = await slack.until(find('approve'), 30_000);
  const written = changedTo(kubernetes, name, weight => weight === 10);
  await slack.as(SAM).click(card, 'approve');
  await written;
  return slack.until(find('abort'), 30_000);
}

/** Of v2, in the route that takes all other requests; 0 where it is not in it. */
function weightOf(spec: unknown): number {
  const routes = isObject(spec) && Array.isArray(spec.http) ? spec.http.at(-1) : undefined;
  const list = isObject(routes) && Array.isArray(routes.route) ? routes.route : [];
  const found = list.find(each => isObject(each) && isObject(each.destination) && each.destination.subset === 'v2');
  return isObject(found) ? Number(found.weight ?? 100) : 0;
}

/** Resolves in the moment in which the API server has it so. */
function changedTo(kubernetes: LocalKubernetes, name: string, isIt: (weight: number) => boolean): Promise<number> {
  return new Promise(resolve => {
    const end = kubernetes.onChange((_type, object) => {
      if (object.kind !== 'VirtualService' || object.metadata.name !== name || !isIt(weightOf(object.spec))) return;
      end();
      resolve(performance.now());
    });
  });
}

function weightGone(kubernetes: LocalKubernetes, name: string): Promise<number> {
  return changedTo(kubernetes, name, weight => weight === 0);
}

/** ms until the API server has answered; the connection is kept from one to the next. */
async function barePatch(kubernetes: LocalKubernetes, name: string): Promise<number> {
  const address = `${kubernetes.url}/apis/networking.istio.io/v1/namespaces/default/virtualservices/${name}`;
  const route = ['v1', 'v2'].map(subset => ({ destination: { host: name, subset }, weight: 50 }));
  const body = JSON.stringify({ spec: { http: [{ route }] } });
  const headers = { 'content-type': 'application/merge-patch+json' };
  const since = performance.now();
  const answer = await fetch(address, { method: 'PATCH', headers, body });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the PATCH was answered with ${answer.status}`);
  return performance.now() - since;
}

function abortOutcome(aborts: number[], patches: number[]): Outcome {
  const [mine, bare] = [quantile(aborts, 0.5), quantile(patches, 0.5)];
  return {
    name: 'B8 abort to weight 0',
    what: 'median from the click to the write, over a bare warm PATCH of the same API',
    value: mine / bare,
    bound: Number(BOUND.toFixed(1)),
    figures: { meshbot: ms(mine), 'meshbot p95': ms(quantile(aborts, 0.95)), PATCH: ms(bare) },
  };
}

function breachOutcome(breaches: number[]): Outcome {
  return {
    name: 'B8 breach to weight 0',
    what: 'ms from a breach that Prometheus shows to the write, the slowest',
    value: Math.max(...breaches),
    bound: BREACH_BOUND,
    figures: { median: ms(quantile(breaches, 0.5)), slowest: ms(Math.max(...breaches)) },
  };
}
