/** Answers through a response_url: five uses in half an hour (docs.slack.dev: handling user interaction). */
import type { Clock } from '../../ports.ts';
import type { View } from '../../view.ts';
import { render } from '../blocks/render.ts';
import { TIMEOUT } from '../client.ts';
import type { Gallery } from '../gallery.ts';

export interface ResponseUrl {
  /** Shows how far it is. Skipped when it comes too soon or uses are getting few. */
  progress(view: View, share: boolean): Promise<void>;
  /** Throws when Slack did not take it. */
  finish(view: View, share: boolean): Promise<void>;
}

type Pictures = ReadonlyMap<string, string>;

/** One use is kept for the answer, one in case. */
const PROGRESS_USES = 3;
/** ms between two of them. */
const GAP = 2000;

/** Posts by `fetch`; by Node's own unless given. */
export function newResponseUrl(url: string, clock: Clock, gallery: Gallery, post = fetch): ResponseUrl {
  let shown = 0;
  let last = Number.NEGATIVE_INFINITY;
  /** One after the other, so that an early state cannot overtake the answer. */
  let queue = Promise.resolve();

  const send = async (view: View, share: boolean, pictures: Pictures = new Map()): Promise<void> => {
    const { text, blocks } = render(view, { surface: 'message', files: false, pictures });
    const answer = await post(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        response_type: share ? 'in_channel' : 'ephemeral',
        replace_original: shown > 0,
        text,
        blocks,
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const said = await answer.text();
    if (!answer.ok || /"ok"\s*:\s*false/.test(said)) {
      throw new Error(`Slack did not take the answer (HTTP ${answer.status}: ${said.slice(0, 100)})`);
    }
    shown += 1;
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = queue.then(work);
    queue = done.catch(() => {});
    return done;
  };

  return {
    async progress(view, share) {
      if (shown >= PROGRESS_USES || clock.now() - last < GAP) return;
      last = clock.now();
      /** Lost progress is no harm. */
      await inTurn(() => send(view, share)).catch(() => {});
    },
    async finish(view, share) {
      const { pictures } = render(view, { surface: 'message', files: false });
      if (pictures.length > 0) {
        // In words it says the same: a picture that Slack does not take costs a use, and no answer.
        const hung =
          (await gallery.inTime(pictures)) &&
          (await inTurn(() => send(view, share, gallery.known)).then(
            () => true,
            () => false,
          ));
        if (hung) return;
      }
      return inTurn(() => send(view, share));
    },
  };
}
