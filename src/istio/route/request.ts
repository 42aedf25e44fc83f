/** A request as the proxy that has to route it sees it. */

/** A pod behind an ingress or egress gateway. `port` is the gateway Service's port that was connected to. */
export interface GatewayClient {
  kind: 'gateway';
  namespace: string;
  labels: Record<string, string>;
  port: number;
}

/** A pod with a sidecar. */
export interface SidecarClient {
  kind: 'sidecar';
  namespace: string;
  labels: Record<string, string>;
}

export type Client = GatewayClient | SidecarClient;

export interface MeshRequest {
  from: Client;
  /** As in the Host header; a port behind it is ignored for choosing the virtual host, as Istio's proxies do. */
  host: string;
  /** Where the client connected to: for a sidecar the Service's port. */
  port: number;
  /** With its query. */
  path: string;
  method: string;
  scheme: 'http' | 'https';
  /** Names in any case. */
  headers: Record<string, string>;
}
