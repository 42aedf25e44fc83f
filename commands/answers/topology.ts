/** A service's routes as a picture: who calls, which requests go where, which versions answer. */

import { flowsOf } from '../../src/istio/edit/plan/flows.ts';
import type { Service } from '../../src/istio/edit/service/service.ts';
import { shortHost } from '../../src/istio/hosts.ts';
import type { RouteRow } from '../../src/istio/route/describe.ts';
import type { World } from '../../src/istio/world.ts';
import type { Topology } from '../../src/picture/picture.ts';
import type { Part } from '../../src/view.ts';

export interface Seen {
  world: World;
  /** Whose short names are meant. */
  reader: string;
  service: Service;
  rows: RouteRow[];
  /** Requests/s by the workload that sends them; undefined: nobody knows. */
  callers: Record<string, number> | undefined;
}

/** undefined where nobody knows the host: there is nothing to draw. */
export function topologyPart({ world, reader, service, rows, callers }: Seen): Part | undefined {
  const { fqdn } = service;
  const name = shortHost(fqdn, reader);
  const flows = flowsOf(world, fqdn, reader, undefined);
  const short = (label: string): string => (label.startsWith(`${name} `) ? label.slice(name.length + 1) : label);
  const routes = flows.map(({ match, shares, copies }) => ({
    match,
    to: [
      ...[...shares].filter(([, share]) => share > 0).map(([label, share]) => ({ target: short(label), share })),
      ...[...copies].map(([label, share]) => ({ target: short(label), share, copy: true })),
    ],
  }));
  const named = [...new Set(routes.flatMap(({ to }) => to.map(({ target }) => target)))];
  // Versions that nothing leads to are drawn too: that is what people look for.
  const idle = service.versions.map(({ version }) => version).filter(version => !named.includes(version));
  const order = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
  const targets = [...named, ...idle].sort(order).map(target => targetOf(target, service, rows));
  if (routes.length === 0) return undefined;
  const picture: Topology = {
    kind: 'topology',
    title: `Requests to ${name}`,
    callers: Object.entries(callers ?? {})
      .sort(([, a], [, b]) => b - a)
      .map(([caller, rate]) => ({ name: shortCaller(caller, reader), rate })),
    routes,
    targets,
  };
  const words = inWords(picture);
  return { kind: 'picture', title: picture.title, alt: words.join(' '), picture, otherwise: words.join('\n') };
}

function targetOf(target: string, { versions }: Service, rows: RouteRow[]): Topology['targets'][number] {
  const known = versions.find(({ version }) => version === target);
  const fails = rows
    .flatMap(({ destinations }) => destinations)
    .find(each => each.share > 0 && each.fails !== undefined && (each.version ?? each.subset) === target)?.fails;
  return {
    name: target,
    ...(known && { detail: `${known.ready}/${known.pods} ready` }),
    ...(fails !== undefined && { trouble: fails }),
  };
}

/** `productpage-v1.default` → `productpage-v1` for who is in that namespace. */
function shortCaller(caller: string, reader: string): string {
  return caller.endsWith(`.${reader}`) ? caller.slice(0, -reader.length - 1) : caller;
}

function inWords({ callers, routes, targets }: Topology): string[] {
  const from = callers.map(({ name, rate }) => `${name} (${Number((rate ?? 0).toPrecision(2))}/s)`);
  const ways = routes.map(({ match, to }) => {
    const told = to.map(
      ({ target, share, copy }) => `${copy ? 'copies of ' : ''}${Math.round(share * 10) / 10} % to ${target}`,
    );
    return `${match}: ${told.join(', ') || 'nowhere'}.`;
  });
  const pods = targets.flatMap(({ name, detail, trouble }) =>
    trouble !== undefined ? [`${name} fails: ${trouble}.`] : detail === undefined ? [] : [`${name}: ${detail}.`],
  );
  return [from.length > 0 ? `Called by ${from.join(', ')}.` : 'Who calls it is not known.', ...ways, ...pods];
}
