/** Ids of the form's parts. */
export const OPEN_FORM = 'open-form';
export const FORM = 'form';
export const VERB = 'verb';
/** `action_id` of every input; its block says which it is. */
export const VALUE = 'value';
