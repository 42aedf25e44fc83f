/** `why reviews`: which receipts explain the routing that is live now, or who else made it so. */
import { explain } from '../src/change/why/explaining.ts';
import { defineQuery, type QueryContext } from '../src/command.ts';
import { hostMeant, serviceFor } from '../src/istio/edit/service/service.ts';
import { shortHost } from '../src/istio/hosts.ts';
import { bearingOn } from '../src/istio/route/bearing.ts';
import { type KubeObject, refOf } from '../src/object.ts';
import { ClusterError } from '../src/ports.ts';
import type { View } from '../src/view.ts';
import { receiptsOf } from './answers/receipts.ts';
import { whyView } from './answers/why-view.ts';

export default defineQuery({
  verb: 'why',
  summary: 'Tell which changes made a service’s routing what it is',
  parameters: {
    service: { type: 'service', required: true, about: 'the service' },
  },
  examples: [{ line: 'why reviews', says: 'who sent its requests where they go, and when' }],
  notes: [
    'A piece is laid to a change when that change’s write brought it and nothing that is known came after. What no change explains is laid to the field managers that the API server remembers: a program’s name, not a person’s.',
  ],
  async answer({ service: word }, context) {
    const { world, namespace, changes } = context;
    const fqdn = hostMeant(word, namespace);
    const name = shortHost(fqdn, namespace);
    if (!serviceFor(world, fqdn)) return said(`There is no Service ${fqdn}. Check its name and namespace.`);
    const bearing = bearingOn(world, fqdn);
    if (bearing.length === 0) {
      return said(
        `Nothing routes ${name}: no VirtualService or DestinationRule names it, so the Service itself spreads its requests over all its pods.`,
      );
    }
    const { live, stale } = await readAll(bearing, context);
    const explained = explain(live, changes, fqdn);
    const links = await receiptsOf(explained, context);
    return whyView(name, explained, links, stale);
  },
});

/** From the API server itself: only there are the field managers. What it will not tell is taken from the watches. */
async function readAll(
  objects: KubeObject[],
  { cluster }: QueryContext,
): Promise<{ live: KubeObject[]; stale: boolean }> {
  let stale = false;
  const read = objects.map(async (object): Promise<KubeObject[]> => {
    try {
      const live = await cluster.read(refOf(object));
      return live ? [live] : [];
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      stale = true;
      return [object];
    }
  });
  return { live: (await Promise.all(read)).flat(), stale };
}

function said(text: string): View {
  return { text, parts: [{ kind: 'text', text }] };
}
