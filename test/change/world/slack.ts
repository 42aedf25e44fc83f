/** A small chat in memory: messages with their keys, people, groups, and what each person was told alone. */
import { ChatError, type MessageKey, type Person, type Place, type Posted } from '../../../src/ports.ts';
import type { View } from '../../../src/view.ts';
import { frozen, type Simulation } from './simulation.ts';

export interface SimMessage extends Posted {
  thread: string | undefined;
  key: MessageKey;
  view: View;
  deleted: boolean;
}

export const TEAM = 'T1';

export class Slack {
  readonly sim: Pick<Simulation, 'now'>;
  readonly messages: SimMessage[] = [];
  readonly whispers: { channel: string; person: string; view: View }[] = [];
  readonly people = new Map<string, Person>();
  readonly groups = new Map<string, string[]>();
  /** Channels that take nothing any more. */
  readonly archived = new Set<string>();
  /** It answers nobody. */
  away = false;
  #ts = 0;

  constructor(sim: Pick<Simulation, 'now'>) {
    this.sim = sim;
    for (const id of ['UASK', 'UBEN', 'UCAT', 'UOUT']) this.people.set(id, person(id));
    this.people.set('UGUEST', { ...person('UGUEST'), isGuest: true });
    this.people.set('UBOT', { ...person('UBOT'), isBot: true });
    this.groups.set('SONCALL', ['UBEN', 'UCAT', 'UGUEST', 'UBOT', 'UASK']);
  }

  post(place: Place, view: View, key: MessageKey): Posted {
    if (this.away) throw new ChatError('unknown', 'no answer');
    if (this.archived.has(place.channel)) throw new ChatError('refused', 'is_archived');
    const ts = `${Math.floor(this.sim.now / 1000)}.${String(++this.#ts).padStart(6, '0')}`;
    const message = { channel: place.channel, ts, thread: place.thread, key, view: frozen(view), deleted: false };
    this.messages.push(message);
    return { channel: place.channel, ts };
  }

  find(place: Place, key: MessageKey, since: number): Posted | undefined {
    const found = this.messages.find(
      message =>
        !message.deleted &&
        message.channel === place.channel &&
        message.thread === place.thread &&
        message.key.change === key.change &&
        message.key.slot === key.slot &&
        Number(message.ts) * 1000 >= since - 1000,
    );
    return found && { channel: found.channel, ts: found.ts };
  }

  update(posted: Posted, view: View): void {
    const message = this.messages.find(each => each.channel === posted.channel && each.ts === posted.ts);
    if (!message || message.deleted) throw new ChatError('gone', 'message_not_found');
    message.view = frozen(view);
  }

  /** Messages that can be seen, with a button of this id. */
  withButton(id: string): { message: SimMessage; change: string; value: string }[] {
    return this.messages.flatMap(message => {
      if (message.deleted) return [];
      const actions = message.view.parts.flatMap(part => (part.kind === 'actions' ? part.actions : []));
      return actions
        .filter(action => action.id === id)
        .map(({ value }) => ({ message, change: message.key.change, value }));
    });
  }
}

function person(id: string): Person {
  return { id, team: TEAM, name: id.toLowerCase(), isBot: false, isGuest: false, isDeleted: false };
}
