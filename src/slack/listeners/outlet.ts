/** How a reply of the core gets back to whoever asked, whatever way they asked in. */
import { type Asked, ClusterError, type Reply } from '../../ports.ts';
import type { View } from '../../view.ts';
import type { Listening } from './context.ts';

/** A way back. `accept`, `answer` and `form` acknowledge; one of them is called, once, first. */
export interface Outlet {
  /** It was taken; nothing need be shown. */
  accept(): Promise<void>;
  answer(view: View): Promise<void>;
  form(): Promise<void>;
  /** After `accept`: the answer as far as it is known. `share`: for all in the channel. */
  progress(view: View, share: boolean): Promise<void>;
  /** After `accept`: the answer. */
  finish(view: View, share: boolean): Promise<void>;
}

/**
 * Asks the core and gives the reply back. A delivery that was here before is asked again, for only the core knows
 * whether it was stored, but nothing is worked on or opened twice. Rejects only when the acknowledgement could not be
 * sent.
 */
export async function serve(asked: Asked, outlet: Outlet, listening: Listening): Promise<void> {
  const { background, log, desk } = listening;
  const fresh = listening.recent.fresh(asked.delivery);
  let reply: Reply;
  try {
    reply = await desk.ask(asked);
  } catch (error) {
    log.error({ err: error }, 'a command could not be stored');
    return outlet.answer(sentence(notStored(error)));
  }
  switch (reply.kind) {
    case 'recorded':
      return outlet.accept();
    case 'answer':
      return outlet.answer(reply.view);
    case 'form':
      return fresh ? outlet.form() : outlet.accept();
    case 'working': {
      const { work, share } = reply;
      await outlet.accept();
      if (!fresh) return;
      background.run('answer a question', async () => {
        const view = await work(view => outlet.progress(view, share)).catch((error: unknown) => {
          log.error({ err: error }, 'a question could not be answered');
          return sentence(`This could not be answered: ${messageOf(error)}`);
        });
        await outlet.finish(view, share);
      });
    }
  }
}

/** For the person whose command or click was not taken. */
export function notStored(error: unknown): string {
  if (error instanceof ClusterError) {
    const why =
      error.kind === 'forbidden' ? 'meshbot may not store changes in the cluster' : 'the cluster did not take it';
    return `Nothing was stored: ${why}. Please try again in a moment.`;
  }
  return 'meshbot failed on this, and nothing was stored. Please try again; if it happens again, its log says why.';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A view of one sentence. */
export function sentence(text: string): View {
  return { text, parts: [{ kind: 'text', text }] };
}
