/** Modals, in each person's stack, and Home tabs: opened, pushed, changed, closed, with Slack's hash and limits. */

import type { JsonObject } from '../../object.ts';
import { copy } from '../copy.ts';
import { withIds } from './blocks/ids.ts';
import { validateView } from './blocks/validate.ts';
import { SlackRefusal } from './errors.ts';
import { newId, secret } from './ids.ts';
import { defined, isObject, objectsIn, stringIn } from './json.ts';
import type { Changes } from './listeners.ts';
import { APP, TEAM } from './people.ts';
import type { StoredView } from './stored.ts';

/** Slack's limit of modals one over the other. */
const DEEPEST = 3;

export interface Views {
  find(id: string): StoredView | undefined;
  /** By view_id or external_id; throws not_found. */
  named(id: string | undefined, externalId: string | undefined): StoredView;
  /** This person's open modals, the lowest first. */
  stack(user: string): StoredView[];
  home(user: string): StoredView | undefined;
  /** Throws invalid_arguments, duplicate_external_id. */
  open(user: string, view: unknown): StoredView;
  /** Over `below`. Throws push_limit_reached as well. */
  push(below: StoredView, view: unknown): StoredView;
  /** Throws hash_conflict as well. */
  update(stored: StoredView, view: unknown, hash?: string): StoredView;
  publish(user: string, view: unknown, hash?: string): StoredView;
  close(stored: StoredView): void;
  /** All of this person's. */
  closeAll(user: string): void;
}

export function newViews(changes: Changes): Views {
  const known = new Map<string, StoredView>();
  const stacks = new Map<string, StoredView[]>();
  const homes = new Map<string, StoredView>();
  const newHash = () => `${Date.now()}.${secret(4)}`;

  /** The view as it is kept, or Slack's refusal. */
  const accept = (view: unknown, type: 'modal' | 'home', replaces?: StoredView): JsonObject => {
    validateView(view, type);
    const kept = copy(view as JsonObject);
    kept.blocks = withIds(objectsIn(kept.blocks));
    const externalId = stringIn(kept, 'external_id');
    const same = (other: StoredView) => other !== replaces && other.view.external_id === externalId;
    if (externalId && [...known.values()].some(same)) throw new SlackRefusal('duplicate_external_id');
    return kept;
  };
  const add = (user: string, view: JsonObject, below: StoredView | undefined): StoredView => {
    const id = newId('V');
    const stored: StoredView = { id, user, type: 'modal', hash: newHash(), view, root: below?.root ?? id };
    if (below) stored.previous = below.id;
    known.set(id, stored);
    stacks.set(user, [...(stacks.get(user) ?? []), stored]);
    changes.tell({ type: 'modal', view: stored });
    return stored;
  };
  const change = (stored: StoredView, view: JsonObject, hash: string | undefined) => {
    if (hash !== undefined && hash !== stored.hash) throw new SlackRefusal('hash_conflict');
    stored.view = view;
    stored.hash = newHash();
  };

  const views: Views = {
    find: id => known.get(id),
    named(id, externalId) {
      const found = id
        ? known.get(id)
        : [...known.values()].find(stored => externalId && stored.view.external_id === externalId);
      if (!found) throw new SlackRefusal('not_found');
      return found;
    },
    stack: user => stacks.get(user) ?? [],
    home: user => homes.get(user),
    open(user, view) {
      const accepted = accept(view, 'modal');
      // A second views.open takes the place of what was open.
      views.closeAll(user);
      return add(user, accepted, undefined);
    },
    push(below, view) {
      const accepted = accept(view, 'modal');
      if (views.stack(below.user).length >= DEEPEST) throw new SlackRefusal('push_limit_reached');
      return add(below.user, accepted, below);
    },
    update(stored, view, hash) {
      const accepted = accept(view, stored.type, stored);
      change(stored, accepted, hash);
      changes.tell({ type: stored.type, view: stored });
      return stored;
    },
    publish(user, view, hash) {
      const before = homes.get(user);
      const accepted = accept(view, 'home', before);
      if (before) return views.update(before, accepted, hash);
      const id = newId('V');
      const stored: StoredView = { id, user, type: 'home', hash: newHash(), view: accepted, root: id };
      known.set(id, stored);
      homes.set(user, stored);
      changes.tell({ type: 'home', view: stored });
      return stored;
    },
    close(stored) {
      if (!known.delete(stored.id)) return;
      stacks.set(
        stored.user,
        views.stack(stored.user).filter(other => other !== stored),
      );
      changes.tell({ type: 'modal-closed', view: stored });
    },
    closeAll(user) {
      for (const stored of [...views.stack(user)].reverse()) views.close(stored);
    },
  };
  return views;
}

/** The view as Slack shows it to the app. `values`: block_id → action_id → state of the element. */
export function viewForApp(stored: StoredView, values: JsonObject = {}): JsonObject {
  const view = stored.view;
  return defined({
    id: stored.id,
    team_id: TEAM.id,
    type: stored.type,
    blocks: view.blocks ?? [],
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values },
    hash: stored.hash,
    title: isObject(view.title) ? view.title : undefined,
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: stored.previous ?? null,
    root_view_id: stored.root,
    app_id: APP.id,
    external_id: view.external_id ?? '',
    app_installed_team_id: TEAM.id,
    bot_id: APP.botId,
  });
}
