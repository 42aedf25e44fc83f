/** What a person is told when the app does not answer, in Slack's words. */
import type { Answer } from '../envelope.ts';
import type { PageReply } from '../page-protocol.ts';

export function refuse(error: string): PageReply {
  return { ok: false, error };
}

/** `what`: '/mesh', or a sentence's subject like 'The button'. */
export function notAnswered(what: string, answer: Answer & { ok: false }): PageReply {
  if (answer.why === 'operation_timeout') {
    return refuse(`${what} failed because the app did not respond within 3 seconds (operation_timeout).`);
  }
  return refuse(
    answer.why === 'dispatch_failed'
      ? `${what} failed because the app is not connected (dispatch_failed).`
      : `${what} failed because the app answered with an error (http_error).`,
  );
}
