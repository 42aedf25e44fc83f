/** What keeps connections of one batch from being there in the next. */
import type { KubeObject } from '../../../src/object.ts';
import { GUARD, object } from '../surroundings.ts';

/**
 * Makes the proxies of guarded pods end each connection after one request. One that was open when an AuthorizationPolicy
 * changed is judged by the old ones once more, for as long as Envoy lets it live: 45 s.
 */
export function lastingOneRequest(namespace: string): KubeObject {
  const manager = {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      common_http_protocol_options: { max_requests_per_connection: 1 },
    },
  };
  const filter = { filter: { name: 'envoy.filters.network.http_connection_manager' } };
  const patch = {
    applyTo: 'NETWORK_FILTER',
    match: { context: 'SIDECAR_INBOUND', listener: { filterChain: filter } },
    patch: { operation: 'MERGE', value: manager },
  };
  const spec = { workloadSelector: { labels: { app: GUARD } }, configPatches: [patch] };
  return object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'truth-connections', namespace, {}, { spec });
}
