/** Opens the form, and draws it again when a choice changes what else can be chosen. */
import type { ViewOutput } from '@slack/bolt';
import type { Desk, Place } from '../../ports.ts';
import { slackCode } from '../errors.ts';
import type { Listening } from '../listeners/context.ts';
import { FORM } from './ids.ts';
import { type FormMetadata, readMetadata } from './metadata.ts';
import { formModal } from './modal.ts';
import { readState, resolve, type State } from './values.ts';

/** False when Slack did not open it. */
export async function openForm(listening: Listening, trigger: string, place: Place): Promise<boolean> {
  try {
    const view = formModal(listening.desk.form(undefined, {}), { place, chosen: {} });
    await listening.client.views.open({ trigger_id: trigger, view });
    return true;
  } catch (error) {
    listening.log.warn({ err: error }, 'the form did not open');
    return false;
  }
}

/** The form for what is chosen, and the choices that are still there in it. */
export function formFor(
  desk: Desk,
  verb: string | undefined,
  values: Record<string, string>,
): { form: ReturnType<Desk['form']>; chosen: Record<string, string> } {
  let chosen = values;
  let form = desk.form(verb, chosen);
  /** What was chosen for another verb or service may be no choice any more, and menus after it may depend on it. */
  for (let round = 0; form.form && round < 5; round += 1) {
    const resolved = resolve(form.form, chosen);
    const settled = JSON.stringify(resolved) === JSON.stringify(chosen);
    chosen = resolved;
    if (settled) break;
    form = desk.form(verb, chosen);
  }
  return { form, chosen };
}

/** `acted` is the state of what was chosen just now, should the view's own state lag behind it. */
export async function redrawForm(listening: Listening, view: ViewOutput, acted: State): Promise<void> {
  const metadata = view.callback_id === FORM ? readMetadata(view.private_metadata) : undefined;
  if (!metadata) return;
  const before = readState(view.state.values);
  const now = readState(acted);
  const { form, chosen } = formFor(listening.desk, now.verb ?? before.verb ?? metadata.verb, {
    ...metadata.chosen,
    ...before.values,
    ...now.values,
  });
  const next: FormMetadata = { place: metadata.place, chosen };
  try {
    await listening.client.views.update({ view_id: view.id, hash: view.hash, view: formModal(form, next) });
  } catch (error) {
    /** It was changed or closed meanwhile: what is newer stays. */
    if (!['hash_conflict', 'not_found', 'view_not_found'].includes(slackCode(error) ?? '')) {
      listening.log.warn({ err: error }, 'the form could not be drawn again');
    }
  }
}
