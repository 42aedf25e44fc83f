/** `status reviews`: where a service's requests go now, what is about to change that, and the pods behind it. */
import { HEADLINES } from '../src/change/headlines.ts';
import { defineQuery, type QueryContext } from '../src/command.ts';
import { gatewayRouting } from '../src/istio/edit/place/inforce.ts';
import { hostMeant, type Service, serviceFor } from '../src/istio/edit/service/service.ts';
import { serviceOf, shortHost } from '../src/istio/hosts.ts';
import { percent } from '../src/istio/percent.ts';
import { type RouteRow, routesOf } from '../src/istio/route/describe.ts';
import type { MeshFreeze } from '../src/records/mesh-freeze.ts';
import type { Part, Phrase, View } from '../src/view.ts';
import { isAbout, isPending, phaseOf, titleOf } from './answers/changes.ts';
import { frozenParts } from './answers/freezes.ts';
import { topologyPart } from './answers/topology.ts';

/** Seconds over which the rate is looked at. */
const WINDOW = 120;

export default defineQuery({
  verb: 'status',
  summary: 'Show where a service’s requests go now',
  parameters: {
    service: { type: 'service', required: true, about: 'the service' },
  },
  examples: [{ line: 'status reviews', says: 'its routes, its pending change and its pods' }],
  notes: ['Routes are those of clients in the service’s own namespace.'],
  async answer({ service: word }, context) {
    const { world, namespace } = context;
    const fqdn = hostMeant(word, namespace);
    const service = serviceFor(world, fqdn);
    const name = shortHost(fqdn, namespace);
    if (!service) {
      const text = `There is no Service ${fqdn}. Check its name and namespace.`;
      return { text, parts: [{ kind: 'text', text }] };
    }
    const rows = routesOf(world, fqdn).filter(row => row.dead === undefined);
    const picture = topologyPart({ world, reader: namespace, service, rows, callers: await callersOf(context, fqdn) });
    const drawn = picture ? [picture] : [];
    const view: View = {
      text: rows.map(row => inWords(row, fqdn, namespace)).join(' '),
      parts: [
        { kind: 'heading', text: `Requests to ${name}` },
        { kind: 'bullets', items: rows.map(row => inWords(row, fqdn, namespace)) },
        ...drawn,
        routesTable(rows, fqdn, namespace),
        ...broken(rows, fqdn, namespace),
        ...gateways(context, fqdn),
        ...pendingOf(context, fqdn),
        ...frozenParts(freezesOf(context, fqdn)),
        { kind: 'heading', text: 'Pods' },
        { kind: 'bullets', items: podsOf(service) },
        ...(await rates(context, fqdn)),
      ],
    };
    return view;
  },
});

/** `Requests where end-user = jason go to reviews v2.` */
function inWords({ match, destinations, instead }: RouteRow, fqdn: string, reader: string): string {
  const subject = subjectOf(match);
  if (instead !== undefined) return `${subject} are ${instead}.`;
  const named = destinations
    .filter(({ share }) => share > 0)
    .map(each => [each.share === 100 ? '' : `${percent(each.share)} `, labelOf(each, fqdn, reader)]);
  if (named.length === 0) return `${subject} go nowhere.`;
  const [last, ...others] = named.map(([share, label]) => `${share}to ${label}`).reverse();
  return `${subject} go ${others.length > 0 ? `${others.reverse().join(', ')} and ${last}` : last}.`;
}

/** Names of headers stay as they are written: only words of ours begin a sentence. */
function subjectOf(match: string): string {
  if (/^all (other )?requests$/.test(match)) return `A${match.slice(1)}`;
  return `Requests ${/^(from|through) /.test(match) ? '' : 'where '}${match}`;
}

function labelOf({ host, subset, version }: RouteRow['destinations'][number], fqdn: string, reader: string): string {
  const name = shortHost(host, reader);
  if (host !== fqdn) return subset === undefined ? name : `${name} ${subset}`;
  return version === undefined && subset === undefined ? `${name}, any version` : `${name} ${version ?? subset}`;
}

function routesTable(rows: RouteRow[], fqdn: string, reader: string): Part {
  return {
    kind: 'table',
    columns: [{ title: 'Requests' }, { title: 'Go to' }, { title: 'Share', align: 'right' }, { title: 'By' }],
    rows: rows.flatMap(row => {
      const by = row.virtualService
        ? `${row.virtualService.namespace}/${row.virtualService.name}${row.routeName ? ` (${row.routeName})` : ''}`
        : 'the Service alone';
      if (row.instead !== undefined) return [[row.match, row.instead, '100 %', by]];
      return row.destinations.map((each): Phrase[] => [
        row.match,
        labelOf(each, fqdn, reader),
        percent(each.share),
        by,
      ]);
    }),
  };
}

function broken(rows: RouteRow[], fqdn: string, reader: string): Part[] {
  return rows.flatMap(row =>
    row.destinations
      .filter(each => each.fails !== undefined && each.share > 0)
      .map((each): Part => ({ kind: 'text', text: [{ bold: labelOf(each, fqdn, reader) }, ` fails: ${each.fails}.`] })),
  );
}

/** A gateway's VirtualService that names the service itself does not ask the mesh's routes (IST0140). */
function gateways({ world }: QueryContext, fqdn: string): Part[] {
  return gatewayRouting(world, fqdn).map(object => ({
    kind: 'note',
    text: [
      'Requests from outside come by ',
      { code: `VirtualService/${object.metadata.namespace}/${object.metadata.name}` },
      ' and go by its routes, not by these.',
    ],
  }));
}

function pendingOf({ store, namespace }: QueryContext, fqdn: string): Part[] {
  return store
    .list()
    .filter(change => isPending(change) && isAbout(change, fqdn, namespace))
    .map(change => ({
      kind: 'text',
      text: [
        { bold: 'Pending: ' },
        `${titleOf(change)} (`,
        { code: change.metadata.name },
        `, ${HEADLINES[phaseOf(change)]}).`,
      ],
    }));
}

/** Of the service itself, and of its namespace. */
function freezesOf({ frozen = [] }: QueryContext, fqdn: string): MeshFreeze[] {
  const namespace = serviceOf(fqdn)?.namespace;
  return frozen.filter(({ spec }) => (spec.host === undefined ? spec.namespace === namespace : spec.host === fqdn));
}

function podsOf({ versions, unlabelled }: Service): string[] {
  const told = versions.map(({ version, ready, pods }) => `${version}: ${ready} of ${pods} Ready`);
  const untold = unlabelled > 0 ? [`without a version label: ${unlabelled} Ready`] : [];
  const all = [...told, ...untold];
  return all.length > 0 ? all : ['No pod stands behind it.'];
}

/** An extra, too: without it the routes are drawn all the same. */
async function callersOf({ metrics }: QueryContext, fqdn: string): Promise<Record<string, number> | undefined> {
  return metrics.rateByCaller?.(fqdn, WINDOW).catch(() => undefined);
}

/** What was really seen, where there are metrics. */
async function rates({ metrics }: QueryContext, fqdn: string): Promise<Part[]> {
  try {
    const seen = await metrics.rateByVersion(fqdn, WINDOW);
    if (!seen || Object.keys(seen).length === 0) return [];
    const bars = Object.entries(seen)
      .map(([label, value]) => ({ label, value: Math.round(value * 100) / 100 }))
      .sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
    const title = 'Requests seen, last two minutes';
    return [{ kind: 'bars', title, unit: 'requests/s', series: [{ name: 'requests/s', bars }] }];
  } catch {
    // The routes are the answer; what was measured is an extra.
    return [{ kind: 'note', text: 'The metrics could not be read.' }];
  }
}
