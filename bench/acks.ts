/** B1: 200 commands and 200 clicks at once against 10,000 VirtualServices: how long until Slack has its answer. */
import type { MeshChange } from '../src/change/meshchange.ts';
import type { PageMessage } from '../src/sandbox/slack/page-protocol.ts';
import { JON, MESH, MINA, RIKO, SAM } from '../src/sandbox/slack/people.ts';
import { type LocalSlack, startSlack } from '../src/sandbox/slack/server.ts';
import { manifestOf } from '../src/start/manifest.ts';
import { startChild } from './child.ts';
import { OWN, startCrowd } from './crowd.ts';
import { ms, type Outcome, quantile } from './figures.ts';

const AT_ONCE = 200;
const VIRTUAL_SERVICES = 10_000;
/** The floor's changes are kept where meshbot does not look. */
const ELSEWHERE = 'default';
const PEOPLE = [RIKO, SAM, MINA, JON];

/** What else runs on the machine disturbs one or the other: the median of so many counts. */
const TIMES = 3;

export function acks(): Promise<Outcome[]> {
  return measured('B1', AT_ONCE, TIMES);
}

/** The same where each of the 10,000 VirtualServices has its Service, its DestinationRule and two pods: 50,000 objects. */
export function acksAmongServices(): Promise<Outcome[]> {
  return measured('B1 among 10,000 Services:', VIRTUAL_SERVICES, 1);
}

async function measured(name: string, services: number, times: number): Promise<Outcome[]> {
  const rounds: Round[] = [];
  for (let time = 0; time < times; time++) rounds.push(await round(services));
  return [
    outcome(
      `${name} commands`,
      rounds.map(({ commands }) => commands),
    ),
    outcome(
      `${name} clicks`,
      rounds.map(({ clicks }) => clicks),
    ),
  ];
}

/** One deed, done side by side. */
interface Pair {
  floor: Timed;
  ours: Timed;
  /** How many of ours are in the store when the last is acknowledged. */
  kept: number;
}

interface Round {
  commands: Pair;
  clicks: Pair;
}

async function round(services: number): Promise<Round> {
  const kubernetes = await startCrowd({ virtualServices: VIRTUAL_SERVICES, services });
  kubernetes.requests.record(false);
  try {
    const floor = await withSlack('bare', kubernetes.url, ELSEWHERE, async slack => {
      const commands = await timed(index => say(slack, index, `floor ${index}`));
      for (let index = 0; index < AT_ONCE; index++) await say(slack, index, 'button');
      const buttons = await slack.until(() => allOf(slack, 'press'), 60_000);
      const clicks = await timed(index => click(slack, buttons[index]!, 'press', index));
      return { commands, clicks };
    });
    const stored = () => kubernetes.list('MeshChange', OWN) as unknown as MeshChange[];
    return await withSlack('meshbot', kubernetes.url, OWN, async slack => {
      const commands = await timed(index => say(slack, index, `shift svc-${index} v2 50`));
      const asked = stored().length;
      const cards = await slack.until(() => allOf(slack, 'approve'), 180_000);
      const clicks = await timed(index => click(slack, cards[index]!, 'approve', index));
      const decided = stored().filter(change => change.status?.decisions.length).length;
      return {
        commands: { floor: floor.commands, ours: commands, kept: asked },
        clicks: { floor: floor.clicks, ours: clicks, kept: decided },
      };
    });
  } finally {
    await kubernetes.close();
  }
}

function outcome(name: string, pairs: Pair[]): Outcome {
  const p99 = ({ took }: Timed) => quantile(took, 0.99);
  const median = (values: number[]) => quantile(values, 0.5);
  const sum = (count: (pair: Pair) => number) => String(pairs.reduce((total, pair) => total + count(pair), 0));
  const missed = sum(({ ours, kept }) => ours.failed + (AT_ONCE - kept));
  const ratios = pairs.map(({ ours, floor }) => p99(ours) / p99(floor));
  return {
    name,
    what: `p99 of ${AT_ONCE} acknowledgements at once, meshbot / (bare Bolt + one API create); one missed is a failure`,
    value: missed === '0' ? median(ratios) : Number.POSITIVE_INFINITY,
    bound: 2,
    figures: {
      meshbot: ms(median(pairs.map(({ ours }) => p99(ours)))),
      floor: ms(median(pairs.map(({ floor }) => p99(floor)))),
      ratios: ratios.map(ratio => ratio.toFixed(2)).join(' '),
      missed,
      'floor missed': sum(({ floor }) => floor.failed),
    },
  };
}

interface Timed {
  /** ms each. */
  took: number[];
  failed: number;
}

async function timed(deed: (index: number) => Promise<{ ok: boolean }>): Promise<Timed> {
  const replies = await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, index) => {
      const began = performance.now();
      const { ok } = await deed(index);
      return { ok, took: performance.now() - began };
    }),
  );
  return { took: replies.map(({ took }) => took), failed: replies.filter(({ ok }) => !ok).length };
}

function say(slack: LocalSlack, index: number, text: string) {
  return slack.as(PEOPLE[index % PEOPLE.length]!).say(MESH.id, `/mesh ${text}`);
}

/** Somebody on call who did not ask for this one. */
function click(slack: LocalSlack, message: PageMessage, action: string, index: number) {
  return slack.as(index % 2 === 0 ? SAM : MINA).click(message, action);
}

/** All messages with this button, once there are enough. */
function allOf(slack: LocalSlack, action: string): PageMessage[] | undefined {
  const found = slack.messages(MESH.id).filter(message => JSON.stringify(message.blocks ?? []).includes(`"${action}"`));
  return found.length >= AT_ONCE ? found : undefined;
}

async function withSlack<T>(
  kind: 'bare' | 'meshbot',
  kubernetes: string,
  namespace: string,
  work: (slack: LocalSlack) => Promise<T>,
): Promise<T> {
  const slack = await startSlack(manifestOf());
  try {
    const { apiUrl, botToken, appToken } = slack;
    const child = await startChild(kind, { slack: { apiUrl, botToken, appToken }, kubernetes, namespace });
    try {
      return await work(slack);
    } finally {
      await child.stop();
    }
  } finally {
    await slack.close();
  }
}
