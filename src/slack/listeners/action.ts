/** Clicks on cards and menus. A payload carries ids, never authority: the core decides what a click may do. */
import type { App, BlockAction } from '@slack/bolt';
import type { Click, Place, Posted } from '../../ports.ts';
import { readActionId, readBlockId } from '../blocks/ids.ts';
import { OPEN_FORM } from '../form/ids.ts';
import { readMetadata } from '../form/metadata.ts';
import { openForm, redrawForm } from '../form/open.ts';
import type { ElementState } from '../form/values.ts';
import type { Listening } from './context.ts';
import { deliveryId } from './delivery.ts';
import { isId } from './gate.ts';
import { notStored, type Outlet, sentence, serve } from './outlet.ts';
import { openReject } from './reject.ts';

/** One action of one payload, with what it was done on. */
interface Clicked {
  body: BlockAction;
  action: BlockAction['actions'][number];
  user: string;
  team: string;
  /** The message it is in; undefined in a modal or a Home tab. */
  posted: Posted | undefined;
  /** Where the clicker can be told something. */
  place: Place | undefined;
}

export function listenToActions(app: App, listening: Listening): void {
  app.action({ type: 'block_actions' }, async ({ body, ack }) => {
    const [action] = body.actions;
    if (action === undefined || body.actions.length !== 1) {
      listening.log.warn({ actions: body.actions.length }, 'a payload that has not exactly one action was refused');
      return ack();
    }
    await dispatch(read(body, action), ack, listening);
  });
}

async function dispatch(clicked: Clicked, ack: () => Promise<void>, listening: Listening): Promise<void> {
  const { body, action } = clicked;
  if (body.view?.type === 'modal') {
    await ack();
    return redrawForm(listening, body.view, { [action.block_id]: { [action.action_id]: stateOf(action) } });
  }
  const id = readActionId(action.action_id);
  switch (id) {
    case 'approve':
    case 'pause':
    case 'resume':
    case 'abort':
    case 'keep':
    case 'revert':
      return decide(id, clicked, carried(clicked), ack, listening);
    case 'choose':
      return decide('choose', clicked, readBlockId(action.block_id), ack, listening);
    case 'reject':
      return reject(clicked, ack, listening);
    case 'undo':
      return undo(clicked, ack, listening);
    case OPEN_FORM: {
      await ack();
      if (!firstTime(clicked, listening)) return;
      const refused = await listening.desk.refusal({ team: clicked.team, user: clicked.user });
      if (refused !== undefined) return tell(clicked, refused, listening);
      const place = clicked.place ?? readMetadata(body.view?.private_metadata)?.place;
      if (place && (await openForm(listening, body.trigger_id, place))) return;
      return tell(clicked, 'The form did not open in time. Click once more.', listening);
    }
    default:
      await ack();
      listening.log.warn({ action: action.action_id.slice(0, 60) }, 'a button that nobody knows was clicked');
      return tell(clicked, 'This button does nothing any more. Look for a newer card of this change.', listening);
  }
}

/** Stores the click before it is acknowledged. */
async function decide(
  kind: Exclude<Click['kind'], 'reject'>,
  clicked: Clicked,
  change: string | undefined,
  ack: () => Promise<void>,
  listening: Listening,
): Promise<void> {
  const { posted, action } = clicked;
  const choice = action.type === 'static_select' ? action.selected_option?.value : undefined;
  if (!posted || !isId(change) || (kind === 'choose' && choice === undefined)) {
    await ack();
    return tell(clicked, 'This card cannot be read any more. Use the newest card of this change.', listening);
  }
  let why: string | undefined;
  try {
    why = await listening.desk.click({
      kind,
      change,
      posted,
      clicker: { team: clicked.team, user: clicked.user },
      delivery: deliveryId(kind, clicked.user, action.action_ts, posted.channel, posted.ts, action.action_id),
      ...(choice !== undefined && { choice }),
    });
  } catch (error) {
    listening.log.error({ err: error, change_id: change }, 'a click could not be stored');
    why = notStored(error);
  }
  await ack();
  if (why !== undefined) await tell(clicked, why, listening);
}

async function reject(clicked: Clicked, ack: () => Promise<void>, listening: Listening): Promise<void> {
  const change = carried(clicked);
  await ack();
  if (!firstTime(clicked, listening)) return;
  if (!clicked.posted || !isId(change)) {
    return tell(clicked, 'This card cannot be read any more. Use the newest card of this change.', listening);
  }
  const opened = await openReject(listening, clicked.body.trigger_id, { change, posted: clicked.posted });
  if (!opened)
    await tell(clicked, 'The question for your reason did not open in time. Click Reject once more.', listening);
}

async function undo(clicked: Clicked, ack: () => Promise<void>, listening: Listening): Promise<void> {
  const change = carried(clicked);
  const { posted, action } = clicked;
  if (!posted || !isId(change)) {
    await ack();
    return tell(clicked, 'This card cannot be read any more. Type undo with the id of the change.', listening);
  }
  const outlet: Outlet = {
    accept: ack,
    async answer(view) {
      await ack();
      await whisper(clicked, view, listening);
    },
    form: ack,
    progress: async () => {},
    finish: view => whisper(clicked, view, listening),
  };
  const asked = {
    text: `undo ${change}`,
    asker: { team: clicked.team, user: clicked.user },
    place: { channel: posted.channel },
    delivery: deliveryId('undo', clicked.user, action.action_ts, posted.channel, posted.ts, action.action_id),
  };
  await serve(asked, outlet, listening);
}

function read(body: BlockAction, action: Clicked['action']): Clicked {
  const channel = body.channel?.id;
  const container = body.container.message_ts as unknown;
  const ts = body.message?.ts ?? (typeof container === 'string' ? container : undefined);
  const thread = body.message?.thread_ts as unknown;
  return {
    body,
    action,
    user: body.user.id,
    team: body.user.team_id ?? body.team?.id ?? '',
    posted: channel !== undefined && ts !== undefined ? { channel, ts } : undefined,
    place: channel === undefined ? undefined : { channel, ...(typeof thread === 'string' && { thread }) },
  };
}

/** A dispatched input's action says what a view's state would. */
function stateOf(action: Clicked['action']): ElementState {
  if (action.type === 'static_select' || action.type === 'external_select') {
    return { selected_option: action.selected_option };
  }
  return 'value' in action && typeof action.value === 'string' ? { value: action.value } : {};
}

/** A trigger_id opens one modal: the second delivery of a click has none left. */
function firstTime({ body, action }: Clicked, { recent }: Listening): boolean {
  return recent.fresh(deliveryId('trigger', body.trigger_id, action.action_id));
}

function carried({ action }: Clicked): string | undefined {
  return action.type === 'button' ? action.value : undefined;
}

function tell(clicked: Clicked, text: string, listening: Listening): Promise<void> {
  return whisper(clicked, sentence(text), listening);
}

/** Best effort: the click itself was dealt with. From a Home tab there is only the direct message. */
async function whisper(clicked: Clicked, view: ReturnType<typeof sentence>, { chat, log }: Listening): Promise<void> {
  const place = clicked.place ?? { channel: clicked.user };
  await chat.whisper(place, clicked.user, view).catch((error: unknown) => {
    log.warn({ err: error }, 'somebody could not be told what became of a click');
  });
}
