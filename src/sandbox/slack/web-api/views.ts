/** views.*: opens, pushes and changes modals, publishes Home tabs. */
import type { Json } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { viewForApp } from '../views.ts';
import type { Arguments } from './arguments.ts';
import { botMethod, type Methods } from './method.ts';

export const views: Methods = {
  'views.open': botMethod([], (hub, args) => {
    const trigger = triggerOf(hub, args);
    const stored = hub.views.open(trigger.user, viewIn(args));
    hub.triggers.use(trigger.id);
    return { view: viewForApp(stored) };
  }),

  /** The trigger must come from the modal it is pushed over. */
  'views.push': botMethod([], (hub, args) => {
    const trigger = triggerOf(hub, args);
    const below = trigger.modal === undefined ? undefined : hub.views.find(trigger.modal);
    if (below?.type !== 'modal') throw new SlackRefusal('not_found');
    const stored = hub.views.push(below, viewIn(args));
    hub.triggers.use(trigger.id);
    return { view: viewForApp(stored) };
  }),

  'views.update': botMethod([], (hub, args) => {
    const stored = hub.views.named(args.text('view_id'), args.text('external_id'));
    return { view: viewForApp(hub.views.update(stored, viewIn(args), args.text('hash'))) };
  }),

  'views.publish': botMethod([], (hub, args) => {
    const person = hub.world.person(args.required('user_id'));
    if (!person) throw new SlackRefusal('user_not_found');
    if (person.isBot || person.isStranger) throw new SlackRefusal('not_enabled');
    return { view: viewForApp(hub.views.publish(person.id, viewIn(args), args.text('hash'))) };
  }),
};

function viewIn(args: Arguments): Json {
  if (args.raw.view === undefined) args.required('view');
  return args.json('view', 'invalid_arguments') ?? null;
}

function triggerOf(hub: Hub, args: Arguments): { id: string; user: string; modal?: string } {
  const id = args.text('trigger_id') ?? args.required('interactivity_pointer');
  const trigger = hub.triggers.check(id);
  if (typeof trigger === 'string') throw new SlackRefusal(trigger);
  return { id, ...trigger };
}
