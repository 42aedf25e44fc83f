/** People in a channel: Riko asks, Sam is on call and approves. */
import type { PageMessage } from '../../src/sandbox/slack/page-protocol.ts';
import { MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import type { LocalSlack } from '../../src/sandbox/slack/server.ts';
import { wordsOf } from '../words.ts';

export interface Told {
  /** Everything on the card before it was approved. */
  card: string;
  /** Everything in its thread once it ended. */
  receipt: string;
  /** The line that takes it back. */
  undo: string;
}

export interface Talk {
  /** Types a change, has it approved, waits for its receipt. Throws with what was said where it comes to no card. */
  change(line: string): Promise<Told>;
  /** Types a change and waits for what is answered: its card, as a rule. */
  propose(line: string): Promise<PageMessage>;
  /** Clicks until the click is taken. */
  approve(card: PageMessage): Promise<void>;
  /** Everything that the card and its thread say now. */
  heard(card: PageMessage): string;
  /** Types a question and waits for the whole answer. */
  ask(line: string): Promise<string>;
}

/** ms that a card or answer may take, and a proof. The real mesh shares its machine with its tests. */
const PATIENCE = { answer: 30_000, proof: 90_000 };

export function talkIn(slack: LocalSlack): Talk {
  const riko = slack.as(RIKO);
  const sam = slack.as(SAM);

  /** Says it, and gives what is new and no longer in the making. */
  async function answerTo(line: string): Promise<PageMessage> {
    const known = new Set(riko.messages(MESH.id).map(({ ts }) => ts));
    const reply = await riko.say(MESH.id, line);
    if (!reply.ok) throw new Error(`Slack did not take '${line}': ${JSON.stringify(reply)}`);
    return slack.until(
      () => riko.messages(MESH.id).find(message => !known.has(message.ts) && !isUnderWay(message)),
      PATIENCE.answer,
    );
  }

  /** A card that is only just being put up says so, and wants one more click. */
  async function approve(card: PageMessage): Promise<void> {
    const told = () => sam.ephemerals(MESH.id).filter(({ text }) => text.includes('click once more')).length;
    const isTaken = () => !slack.messages(MESH.id).some(({ ts, text }) => ts === card.ts && text === card.text);
    for (;;) {
      const before = told();
      await sam.click(card, 'approve');
      await slack.until(() => isTaken() || told() > before, PATIENCE.answer);
      if (isTaken()) return;
    }
  }

  const now = ({ ts }: PageMessage) => slack.messages(MESH.id).filter(message => message.ts === ts);
  const said = ({ ts }: PageMessage) => slack.thread(MESH.id, ts).filter(message => message.ts !== ts);

  return {
    propose: answerTo,
    approve,
    heard: card => [...now(card), ...said(card)].map(textOf).join('\n'),

    async ask(line) {
      return textOf(await answerTo(line));
    },

    async change(line) {
      const posted = await answerTo(line);
      const card = textOf(posted);
      if (!card.includes('"approve"')) throw new Error(`'${line}' came to no card to approve: ${card}`);
      await approve(posted);
      const ended = () => said(posted).some(({ text }) => /proven: |not written/i.test(text));
      await slack.until(ended, PATIENCE.proof).catch(cause => {
        const heard = [...now(posted), ...said(posted), ...sam.ephemerals(MESH.id)].map(({ text }) => text);
        throw new Error(`'${line}' did not end: ${heard.join(' | ')}`, { cause });
      });
      const receipt = said(posted).map(textOf).join('\n');
      return { card, receipt, undo: /\/mesh undo [a-z0-9-]+/.exec(receipt)?.[0] ?? '/mesh undo' };
    },
  };
}

/** It will be drawn again by itself. */
function isUnderWay(message: PageMessage): boolean {
  return (
    /…$|: planning$|^(Waiting|Working|Sending|Looking) /.test(message.text) ||
    textOf(message).includes('may still come')
  );
}

function textOf({ text, blocks = [] }: PageMessage): string {
  return `${text} ${wordsOf(blocks)}`;
}
