/** Serves the page's events and actions, as page-protocol.ts has them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { act } from './deeds/act.ts';
import type { Hub } from './hub.ts';
import { isObject, parseJson } from './json.ts';
import type { Change } from './listeners.ts';
import { messageForPage } from './message-shapes.ts';
import type { PageAction, PageEvent, PageReply, PageUser } from './page-protocol.ts';
import { APP, type Member, RIKO } from './people.ts';
import type { StoredMessage, StoredView } from './stored.ts';
import { viewForApp } from './views.ts';
import { readBody } from './web-api/arguments.ts';

/** One person's window: all they may see, then each change of it. */
export function streamEvents(hub: Hub, user: string, request: IncomingMessage, response: ServerResponse): void {
  // A window that names nobody is Riko's.
  const person = hub.world.person(user || RIKO.id);
  if (!person || person.isBot || person.isDeleted) {
    response
      .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
      .end('Nobody of that id can use this page.');
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  });
  const send = (event: PageEvent) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  send(stateFor(hub, person));
  const end = hub.changes.listen(change => {
    const event = eventFor(hub, person, change);
    if (event) send(event);
  });
  const beating = setInterval(() => response.write(': still here\n\n'), 15_000);
  beating.unref();
  request.on('close', () => {
    clearInterval(beating);
    end();
  });
}

export async function takeAction(hub: Hub, request: IncomingMessage): Promise<PageReply> {
  const body = parseJson((await readBody(request)).toString());
  if (!isObject(body) || typeof body.type !== 'string' || typeof body.user !== 'string') {
    return { ok: false, error: 'That is no action of this page.' };
  }
  return act(hub, body as unknown as PageAction);
}

function stateFor(hub: Hub, person: Member): PageEvent {
  const state: PageEvent = {
    type: 'state',
    me: pageUser(person),
    users: hub.world.people.filter(one => !one.isDeleted).map(pageUser),
    groups: hub.world.groups.map(({ id, handle, name, users }) => ({ id, handle, name, users })),
    channels: hub.world.channels
      .filter(channel => hub.world.sees(person.id, channel.id))
      .map(({ id, name, topic, kind, members, archived }) => ({ id, name, topic, kind, members, archived })),
    messages: hub.messages
      .all()
      .filter(message => !message.deleted && seesMessage(hub, person, message))
      .map(message => messageForPage(hub.messages, hub.files, message)),
    commands: hub.manifest.commands,
    app: { id: APP.id, name: APP.name, botUser: APP.botUser, connected: hub.delivery.connected() },
    modals: hub.views.stack(person.id).map(pageModal),
  };
  const home = hub.views.home(person.id);
  return home ? { ...state, home: viewForApp(home) } : state;
}

function eventFor(hub: Hub, person: Member, change: Change): PageEvent | undefined {
  switch (change.type) {
    case 'message':
      if (!seesMessage(hub, person, change.message)) return undefined;
      return { type: 'message', message: messageForPage(hub.messages, hub.files, change.message) };
    case 'modal':
      return change.view.user === person.id ? { type: 'modal', modal: pageModal(change.view) } : undefined;
    case 'modal-closed':
      return change.view.user === person.id ? { type: 'modal-closed', viewId: change.view.id } : undefined;
    case 'modal-errors': {
      const { view, errors } = change;
      return view.user === person.id ? { type: 'modal-errors', viewId: view.id, errors } : undefined;
    }
    case 'home':
      return change.view.user === person.id ? { type: 'home', view: viewForApp(change.view) } : undefined;
    case 'connected':
      return { type: 'connected', connected: change.connected };
  }
}

export function seesMessage(hub: Hub, person: Member, message: StoredMessage): boolean {
  if (message.ephemeralTo && message.ephemeralTo !== person.id) return false;
  return hub.world.sees(person.id, message.channel);
}

function pageModal(stored: StoredView) {
  return { viewId: stored.id, hash: stored.hash, view: stored.view };
}

function pageUser(person: Member): PageUser {
  const { id, name, realName, title, color, isBot, isStranger, team } = person;
  return { id, name, realName, title, color, isBot, isGuest: isStranger, team };
}
