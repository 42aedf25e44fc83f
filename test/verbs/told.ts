/** A change from the line typed to its receipt, in the local world: what people see of it on the way. */
import type { PageMessage } from '../../src/sandbox/slack/page-protocol.ts';
import { MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import type { LocalWorld } from '../local-world.ts';
import { wordsOf } from '../words.ts';

export interface Told {
  /** Everything on the card before it was approved. */
  card: string;
  /** Everything in its thread once it ended. */
  receipt: string;
}

/** Types `line` as the one who asks, approves as somebody on call, and waits for the proof. `written`: just after the write. */
export async function tell(world: LocalWorld, line: string, patience = 60_000, written?: () => void): Promise<Told> {
  const { slack } = world;
  const known = new Set(slack.messages(MESH.id).map(({ ts }) => ts));
  await slack.as(RIKO).say(MESH.id, line);
  const posted = await slack.until(() =>
    slack.messages(MESH.id).find(message => !known.has(message.ts) && drawn(message).includes('"approve"')),
  );
  const card = drawn(posted);
  if (written) onceWritten(world, written);
  await slack.as(SAM).click(posted, 'approve');
  const ended = () =>
    slack.thread(MESH.id, posted.ts).filter(({ ts, text }) => ts !== posted.ts && /proven: /i.test(text));
  const thread = await slack.until(() => ended().length > 0 && ended(), patience);
  return { card, receipt: thread.map(message => `${message.text} ${drawn(message)}`).join('\n') };
}

function onceWritten({ cluster }: LocalWorld, act: () => void): void {
  let done = false;
  cluster.kubernetes.onChange((_, { kind }) => {
    if (done || kind !== 'VirtualService') return;
    done = true;
    act();
  });
}

function drawn(message: PageMessage): string {
  return wordsOf(message.blocks ?? []);
}

/** Which versions of reviews the shop showed, by the colour of its stars; `user`: who asks. */
export async function starsOf(world: LocalWorld, times: number, user?: string): Promise<string[]> {
  const headers: Record<string, string> = user === undefined ? {} : { 'end-user': user };
  const pages = await Promise.all(
    Array.from({ length: times }, async () => (await fetch(world.cluster.mesh.shopUrl, { headers })).text()),
  );
  const seen = pages.map(text => /class="stars (red|black)"/.exec(text)?.[1] ?? 'none');
  return [...new Set(seen)].sort();
}
