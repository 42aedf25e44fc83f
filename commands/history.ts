/** `history [service]`: what was asked of meshbot, the newest first, and how it ended. */
import { defineQuery } from '../src/command.ts';
import { hostMeant } from '../src/istio/hosts.ts';
import { changesTable, isAbout } from './answers/changes.ts';

export default defineQuery({
  verb: 'history',
  summary: 'List past changes, the newest first',
  parameters: {
    service: { type: 'service', about: 'only the changes of this service' },
  },
  examples: [
    { line: 'history', says: 'the latest changes of all services' },
    { line: 'history reviews', says: 'those of one service' },
  ],
  async answer({ service }, { store, namespace }) {
    const host = service === undefined ? undefined : hostMeant(service, namespace);
    const changes = store.list().filter(change => host === undefined || isAbout(change, host, namespace));
    const of = service === undefined ? '' : ` of ${service}`;
    if (changes.length === 0) {
      const text = `No change${of} is known.`;
      return { text, parts: [{ kind: 'text', text }] };
    }
    const text = `The latest ${changes.length === 1 ? 'change' : 'changes'}${of}, the newest first.`;
    return { text, parts: [{ kind: 'heading', text: `Changes${of}` }, ...changesTable(changes)] };
  },
});
