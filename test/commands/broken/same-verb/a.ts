/** One that has the verb of the next. */
export { default } from '../../../../commands/help.ts';
