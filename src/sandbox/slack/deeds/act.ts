/** Everything a person can do, from the page or from a test: one way in, one answer. */
import type { Hub } from '../hub.ts';
import type { PageAction, PageReply } from '../page-protocol.ts';
import type { Member } from '../people.ts';
import { click, options } from './click.ts';
import { closeModal, submit } from './modal.ts';
import { refuse } from './refuse.ts';
import { openHome, react, say } from './say.ts';

export function act(hub: Hub, action: PageAction): Promise<PageReply> | PageReply {
  const person = hub.world.person(action.user);
  if (!person || person.isBot || person.isDeleted) return refuse('Nobody of that id can use this page.');
  return does(hub, person, action);
}

function does(hub: Hub, person: Member, action: PageAction): Promise<PageReply> | PageReply {
  switch (action.type) {
    case 'say':
      return say(hub, person, action);
    case 'act':
      return click(hub, person, action);
    case 'submit':
      return submit(hub, person, action);
    case 'close':
      return closeModal(hub, person, action);
    case 'open-home':
      return openHome(hub, person);
    case 'options':
      return options(hub, person, action);
    case 'react':
      return react(hub, person, action);
    default:
      return refuse('The page asked for something this server does not know.');
  }
}
