/** A person submits or closes a modal; what the app answers decides what is shown next. */
import type { JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { isObject, objectsIn } from '../json.ts';
import type { PageAction, PageReply } from '../page-protocol.ts';
import { closedPayload, submissionPayload } from '../payloads.ts';
import type { Member } from '../people.ts';
import type { StoredView } from '../stored.ts';
import { problemsWithInputs } from './inputs.ts';
import { refuse } from './refuse.ts';

type Do<T extends PageAction['type']> = Extract<PageAction, { type: T }>;

export async function submit(hub: Hub, person: Member, asked: Do<'submit'>): Promise<PageReply> {
  const stored = hub.views.find(asked.viewId);
  if (stored?.user !== person.id || stored.type !== 'modal') return refuse('That form is no longer open.');
  if (!stored.view.submit) return refuse('That form cannot be submitted.');
  // Slack's own client looks at these before anything is sent.
  const problems = problemsWithInputs(objectsIn(stored.view.blocks), asked.state);
  if (Object.keys(problems).length > 0) {
    hub.changes.tell({ type: 'modal-errors', view: stored, errors: problems });
    return refuse(Object.values(problems)[0]!);
  }
  const answer = await hub.delivery.ask({
    type: 'interactive',
    payload: submissionPayload(hub, person, stored, asked.state),
    acceptsAnswer: true,
  });
  if (!answer.ok) {
    return refuse(
      answer.why === 'operation_timeout'
        ? 'We had some trouble connecting: the app did not respond within 3 seconds (operation_timeout). Try again?'
        : `We had some trouble connecting (${answer.why}). Try again?`,
    );
  }
  try {
    return next(hub, stored, answer.payload);
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    return refuse(`The app answered with something Slack does not take (${error.code}).`);
  }
}

/** Throws what Slack has against the app's answer. */
function next(hub: Hub, stored: StoredView, answer: JsonObject | undefined): PageReply {
  switch (answer?.response_action) {
    case undefined:
      hub.views.close(stored);
      return { ok: true };
    case 'clear':
      hub.views.closeAll(stored.user);
      return { ok: true };
    case 'update':
      hub.views.update(stored, answer.view);
      return { ok: true };
    case 'push':
      hub.views.push(stored, answer.view);
      return { ok: true };
    case 'errors':
      return showErrors(hub, stored, answer.errors);
    default:
      throw new SlackRefusal('invalid_response_action');
  }
}

function showErrors(hub: Hub, stored: StoredView, given: unknown): PageReply {
  if (!isObject(given) || Object.keys(given).length === 0) throw new SlackRefusal('invalid_errors');
  const inputs = new Set<unknown>();
  for (const block of objectsIn(stored.view.blocks)) if (block.type === 'input') inputs.add(block.block_id);
  const errors: Record<string, string> = {};
  for (const [blockId, text] of Object.entries(given)) {
    if (!inputs.has(blockId) || typeof text !== 'string' || text === '') throw new SlackRefusal('invalid_errors');
    errors[blockId] = text;
  }
  hub.changes.tell({ type: 'modal-errors', view: stored, errors });
  return { ok: true };
}

/** The app hears of it only where it asked to. */
export function closeModal(hub: Hub, person: Member, asked: Do<'close'>): PageReply {
  const stored = hub.views.find(asked.viewId);
  if (stored?.user !== person.id || stored.type !== 'modal') return { ok: true };
  const cleared = stored.view.clear_on_close === true;
  const closing = cleared ? [...hub.views.stack(person.id)].reverse() : [stored];
  for (const view of closing) {
    hub.views.close(view);
    if (view.view.notify_on_close === true) {
      void hub.delivery.ask({
        type: 'interactive',
        payload: closedPayload(person, view, cleared),
        acceptsAnswer: false,
      });
    }
  }
  return { ok: true };
}
