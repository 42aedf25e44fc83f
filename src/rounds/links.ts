/** Where people look further: as configured, else how to open what is found in the cluster. Pure. */
import type { World } from '../istio/world.ts';
import type { Span } from '../view.ts';

/** Addresses that people's browsers reach. */
export interface Links {
  kiali?: string | undefined;
  grafana?: string | undefined;
  jaeger?: string | undefined;
  zipkin?: string | undefined;
  prometheus?: string | undefined;
}

const NAMES: Record<keyof Links, string> = {
  kiali: 'Kiali',
  grafana: 'Grafana',
  jaeger: 'Jaeger',
  zipkin: 'Zipkin',
  prometheus: 'Prometheus',
};

/** Services by which the usual installations are known; names in the cluster are no addresses for a browser. */
const USUAL: Record<string, RegExp> = {
  kiali: /^kiali$/,
  grafana: /(^|-)grafana$/,
  jaeger: /^tracing$|^(.+-)?jaeger-query$/,
};

/** Spans of one line; empty: nothing is known. */
export function linksOf(links: Links, world: World): Span[] {
  const configured = (Object.keys(NAMES) as (keyof Links)[]).flatMap((tool): Span[][] => {
    const link = links[tool];
    return link === undefined ? [] : [[{ link, label: NAMES[tool] }]];
  });
  const places = [...new Set([world.rootNamespace, 'istio-system'])];
  const services = places.flatMap(namespace => world.inNamespace('Service', namespace));
  const found = Object.entries(USUAL).flatMap(([tool, name]): Span[][] => {
    const there = links[tool as keyof Links] === undefined && services.some(({ metadata }) => name.test(metadata.name));
    return there ? [[`${NAMES[tool as keyof Links]} (`, { code: `istioctl dashboard ${tool}` }, ')']] : [];
  });
  return [...configured, ...found].flatMap((spans, index): Span[] => (index === 0 ? spans : [' · ', ...spans]));
}
