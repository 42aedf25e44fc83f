/** The pieces of a routing that people ask about: each route's destinations, mirrors and the rest of it, each subset, each server. */

import { SECTIONS, type Section } from '../../istio/edit/place/inforce.ts';
import { wordsOf } from '../../istio/edit/place/match.ts';
import { objectOf, objectsOf, stringOf } from '../../istio/edit/read.ts';
import { entryOf, labelOf } from '../../istio/edit/service/service.ts';
import { sharesOf } from '../../istio/edit/share/weights.ts';
import { fullHost, shortHost } from '../../istio/hosts.ts';
import { word } from '../../istio/route/json.ts';
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { percent } from '../phrases.ts';

export interface Piece {
  /** The same in every version of the object: `http end-user = jason: destinations`. */
  key: string;
  /** 'Requests where end-user = jason go to reviews v2'. */
  says: string;
  /** What of it is compared between versions of the object. */
  value: Json;
  /** Where it is, as managed fields name it: `['spec', 'http']`. Lists of Istio's objects are kept whole by one manager. */
  field: string[];
  /** A route’s destinations: what people mean when they ask where requests go. */
  isRoute: boolean;
}

/** In the order of the object. `about`: fully qualified; routes of a gateway that lead elsewhere are left out. */
export function piecesOf(object: KubeObject, about?: string): Piece[] {
  if (object.kind === 'VirtualService') return SECTIONS.flatMap(section => routePieces(object, section, about));
  if (object.kind === 'DestinationRule') return rulePieces(object);
  return object.kind === 'Gateway' ? serverPieces(object) : [];
}

/** Of a route, besides where it leads. */
const MORE = [
  'redirect',
  'directResponse',
  'delegate',
  'rewrite',
  'headers',
  'fault',
  'timeout',
  'retries',
  'corsPolicy',
];
const MIRRORS = ['mirror', 'mirrors', 'mirrorPercentage', 'mirrorPercent', 'mirror_percent'];

function routePieces(object: KubeObject, section: Section, about: string | undefined): Piece[] {
  const namespace = object.metadata.namespace ?? '';
  const routes = objectsOf(object.spec?.[section]);
  const seen = new Map<string, number>();
  return routes.flatMap((route): Piece[] => {
    const words = wordsOf(route, section);
    const times = (seen.get(words ?? '') ?? 0) + 1;
    seen.set(words ?? '', times);
    if (about !== undefined && !concerns(object, route, about)) return [];
    const key = `${section} ${words ?? ''}${times > 1 ? ` (${times})` : ''}`;
    const subject =
      words === undefined
        ? routes.length > 1
          ? 'All other requests'
          : 'All requests'
        : `Requests ${/^(from|through) /.test(words) ? '' : 'where '}${words}`;
    const piece = (what: string, says: string, value: Json, isRoute = false): Piece => ({
      ...{ key: `${key}: ${what}`, says: `${subject} ${says}`, value, field: ['spec', section], isRoute },
    });
    const leads = objectsOf(route.route);
    const mirrored = pick(route, MIRRORS);
    return [
      ...(leads.length > 0
        ? [piece('destinations', `go ${destinations(leads, namespace)}`, canonical(leads, namespace), true)]
        : []),
      ...(Object.keys(mirrored).length > 0
        ? [piece('mirror', `are copied ${mirrors(route, namespace)}`, mirrored)]
        : []),
      ...MORE.flatMap(field =>
        route[field] === undefined ? [] : [piece(field, `have ${field} ${short(route[field])}`, route[field])],
      ),
    ];
  });
}

/** A mesh VirtualService is all about its host; one of many services only in the routes that lead to the service. */
function concerns(object: KubeObject, route: JsonObject, about: string): boolean {
  const namespace = object.metadata.namespace ?? '';
  const hosts = Array.isArray(object.spec?.hosts) ? object.spec.hosts : [];
  if (hosts.length === 1 && typeof hosts[0] === 'string' && fullHost(hosts[0], namespace) === about) return true;
  if (route.delegate !== undefined) return true;
  return objectsOf(route.route).some(entry => entryOf(entry, namespace).host === about);
}

function destinations(leads: JsonObject[], namespace: string): string {
  const entries = leads.map(json => entryOf(json, namespace));
  const shares = sharesOf(entries.map(({ weight }) => weight));
  const told = entries.map((entry, index) => {
    const share = shares[index]!;
    return `${share === 100 ? '' : `${percent(share)} `}to ${labelOf(entry, namespace)}`;
  });
  return told.join(', ');
}

/** How a destination is written does not matter, nor does a weight of 100 that is left out. */
function canonical(leads: JsonObject[], namespace: string): Json {
  const entries = leads.map(json => entryOf(json, namespace));
  const shares = sharesOf(entries.map(({ weight }) => weight));
  return entries.map(({ host, subset, port, json }, index) => ({
    ...{ host, share: shares[index]!, subset: subset ?? null, port: port ?? null, headers: json.headers ?? null },
  }));
}

function mirrors(route: JsonObject, namespace: string): string {
  const listed = objectsOf(route.mirrors);
  const all = route.mirror === undefined ? listed : [{ destination: objectOf(route.mirror) }, ...listed];
  const old = objectOf(route.mirrorPercentage).value ?? route.mirrorPercent ?? route.mirror_percent;
  return all
    .map(each => {
      const share = objectOf(objectOf(each).percentage).value ?? old ?? 100;
      return `${typeof share === 'number' ? `${percent(share)} ` : ''}to ${labelOf(entryOf(each as JsonObject, namespace), namespace)}`;
    })
    .join(', ');
}

function rulePieces(object: KubeObject): Piece[] {
  const namespace = object.metadata.namespace ?? '';
  const host = shortHost(fullHost(stringOf(object.spec?.host) ?? '', namespace), namespace);
  const policy = object.spec?.trafficPolicy;
  return [
    ...objectsOf(object.spec?.subsets).map((subset): Piece => {
      const { name, labels, ...rest } = subset;
      const selects = Object.entries(objectOf(labels)).map(([label, value]) => `${label} = ${word(value)}`);
      const policed = Object.keys(rest).length > 0 ? `, with ${Object.keys(rest).join(', ')}` : '';
      return {
        ...{ key: `subset ${word(name ?? '?')}`, value: subset, field: ['spec', 'subsets'], isRoute: false },
        says: `Subset ${stringOf(name) ?? '?'} of ${host} is the pods with ${selects.join(', ') || 'any labels'}${policed}`,
      };
    }),
    ...(policy === undefined
      ? []
      : [
          {
            key: 'trafficPolicy',
            value: policy,
            field: ['spec', 'trafficPolicy'],
            isRoute: false,
            says: `Connections to ${host} have ${short(policy)}`,
          },
        ]),
  ];
}

function serverPieces(object: KubeObject): Piece[] {
  return objectsOf(object.spec?.servers).map((server): Piece => {
    const port = objectOf(server.port);
    const number = word(port.number ?? '?');
    const protocol = stringOf(port.protocol) ?? 'requests';
    const hosts = Array.isArray(server.hosts) ? server.hosts.filter(host => typeof host === 'string') : [];
    return {
      ...{ key: `server ${stringOf(port.name) ?? number}`, value: server, field: ['spec', 'servers'], isRoute: false },
      says: `Port ${number} of gateway ${object.metadata.name} takes ${protocol} for ${hosts.join(', ') || 'no host'}`,
    };
  });
}

function pick(route: JsonObject, fields: string[]): JsonObject {
  return Object.fromEntries(fields.flatMap(field => (route[field] === undefined ? [] : [[field, route[field]]])));
}

function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
