/** What Envoy's config_dump says of where requests to a host go: its shares by cluster. */

interface Route {
  match?: { prefix?: string; headers?: unknown[]; query_parameters?: unknown[] };
  route?: { cluster?: string; weighted_clusters?: { clusters?: { name: string; weight: number }[] } };
}

interface VirtualHost {
  domains?: string[];
  routes?: Route[];
}

interface Dump {
  configs?: { route_config?: { name?: string; virtual_hosts?: VirtualHost[] } }[];
}

/** `host`: `reviews:9080`, as a client in the mesh asks for it. {} where it has no route for all requests. */
export function sharesIn(text: string, host: string): Record<string, number> {
  const dump = JSON.parse(text) as Dump;
  const [name = '', port = '80'] = host.split(':');
  // A sidecar's routes for HTTP are called by the port they are for.
  const routes = (dump.configs ?? []).find(({ route_config }) => route_config?.name === port)?.route_config;
  const found = routes?.virtual_hosts?.find(({ domains }) => domains?.includes(name));
  const route = (found?.routes ?? []).find(isForAll)?.route;
  const weighted = route?.weighted_clusters?.clusters?.map(({ name: cluster, weight }) => [cluster, weight] as const);
  if (weighted) return Object.fromEntries(weighted);
  return route?.cluster === undefined ? {} : { [route.cluster]: 100 };
}

function isForAll({ match }: Route): boolean {
  return match?.prefix === '/' && !match.headers?.length && !match.query_parameters?.length;
}
