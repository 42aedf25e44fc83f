/** Ids of the form's parts. */
export const OPEN_FORM = 'open-form';
export const FORM = 'form';
export const VERB = 'verb';
/** Where the card of a change goes that is asked for in direct messages. */
export const CHANNEL = 'channel';
/** `action_id` of every input; its block says which it is. */
export const VALUE = 'value';
