/**
 * A destination without a subset reaches all versions at once, by least request and not by weight. Before a version can
 * have a share of its own the rest needs subsets too: this splits such a destination by the Ready pods of each version.
 */
import type { Phrase } from '../../../view.ts';
import { type Refused, refuse } from '../outcome.ts';
import { objectOf } from '../read.ts';
import { type Entry, labelOf, type Needed, type Service, subsetOf } from '../service/service.ts';

/** A destination with what it gets now, percent, and the subset that must be there for it. */
export interface Part extends Entry {
  share: number;
  /** Not in the route yet. */
  isNew: boolean;
  needs?: Needed;
}

export interface Spread {
  kind: 'spread';
  parts: Part[];
  notes: Phrase[];
}

/** `path` names the route, for findings. */
export function spread(parts: Part[], service: Service, path: string, reader: string): Spread | Refused {
  const notes: Phrase[] = [];
  const result: Part[] = [];
  for (const part of parts) {
    if (!reachesAll(part, service) || part.share === 0) {
      result.push(part);
      continue;
    }
    const ready = service.versions.filter(version => version.ready > 0);
    if (service.unlabelled > 0 || ready.length === 0) return unlabelled(service, path);
    const pods = ready.reduce((all, version) => all + version.ready, 0);
    for (const { version, ready: count } of ready) {
      const needs = subsetOf(service, version);
      if (needs) add(result, parts, withSubset(part, needs, (part.share * count) / pods));
    }
    notes.push([
      { code: labelOf(part, reader) },
      ` had no subset and reached every version at once; it is now split by Ready pods: ${ready
        .map(({ version, ready: count }) => `${version} ${count}`)
        .join(', ')}.`,
    ]);
  }
  return { kind: 'spread', parts: result, notes };
}

/** It names the service and no subset: every version gets some of it. */
export function reachesAll(entry: Entry, service: Service): boolean {
  return entry.host === service.fqdn && entry.subset === undefined;
}

/** The same destination with a subset. It is a new one in the route, unless that version is listed there already. */
function withSubset(part: Part, needs: Needed, share: number): Part {
  return {
    ...part,
    json: { ...part.json, destination: { ...objectOf(part.json.destination), subset: needs.name } },
    subset: needs.name,
    share,
    isNew: true,
    needs,
  };
}

export function isSame(a: Entry, b: Entry): boolean {
  return a.host === b.host && a.subset === b.subset && a.port === b.port;
}

function add(result: Part[], listed: Part[], part: Part): void {
  const done = result.findIndex(other => isSame(other, part));
  if (done >= 0) {
    result[done] = { ...result[done]!, share: result[done]!.share + part.share };
    return;
  }
  const later = listed.find(other => isSame(other, part));
  if (later) later.share += part.share;
  else result.push(part);
}

function unlabelled(service: Service, path: string): Refused {
  const message =
    service.unlabelled > 0
      ? `The route sends to all pods of ${service.name}, and ${service.unlabelled} of them that are Ready carry no version label: they would get nothing.`
      : `The route sends to all pods of ${service.name}, and none that carries a version label is Ready.`;
  return refuse(
    'versions-untold',
    path,
    message,
    `Give the pods of ${service.name} the label \`version\`, or name subsets in the route first.`,
  );
}
