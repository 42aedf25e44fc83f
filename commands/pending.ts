/** `pending`: the changes that something is still to happen to. */
import { defineQuery } from '../src/command.ts';
import { changesTable, isPending } from './answers/changes.ts';
import { frozenParts } from './answers/freezes.ts';

export default defineQuery({
  verb: 'pending',
  summary: 'List the changes that wait for something',
  parameters: {},
  examples: [{ line: 'pending', says: 'what waits for an answer, an approval, a write or a proof' }],
  async answer(_, { store, frozen = [] }) {
    const waiting = store.list().filter(isPending);
    if (waiting.length === 0)
      return {
        text: 'No change is pending.',
        parts: [{ kind: 'text', text: 'No change is pending.' }, ...frozenParts(frozen)],
      };
    const text = waiting.length === 1 ? 'One change is pending.' : `${waiting.length} changes are pending.`;
    return {
      text,
      parts: [{ kind: 'heading', text: 'Pending changes' }, ...changesTable(waiting), ...frozenParts(frozen)],
    };
  },
});
