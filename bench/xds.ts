/**
 * A client of istiod's aggregated discovery service, as an Envoy beside a pod is one: clusters, endpoints, listeners and
 * routes over a connection of its own, each answer acknowledged. It does nothing with them but to look for what is asked.
 * https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { field, fieldsOf, struct } from './protobuf.ts';

const METHOD = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources';
const TYPE = {
  clusters: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  endpoints: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
  listeners: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  routes: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
};
/** The one port of the crowd's services: routes for HTTP are called by their port. */
const ROUTES = ['9080'];

export interface Sidecar {
  /** Resolves once it has routes. Rejects with what istiod said instead. */
  ready: Promise<void>;
  /** Resolves with performance.now() when routes come that hold these bytes. */
  holding(bytes: Buffer): Promise<number>;
  close(): void;
}

/** `address`: `http://host:15010`. istiod takes who is not authenticated there, as it takes them for what they say. */
export function startSidecar(address: string, index: number, namespace: string): Sidecar {
  const session = connect(address);
  const stream = session.request({
    ':method': 'POST',
    ':path': METHOD,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const waiting: { bytes: Buffer; found: (at: number) => void }[] = [];
  let isReady: () => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    isReady = resolve;
    failing(session, stream, reject);
  });
  const node = nodeOf(index, namespace);
  const ask = (type: string, names: string[], version = '', nonce = '') =>
    send(stream, node, { type, names, version, nonce });

  ask(TYPE.clusters, []);
  ask(TYPE.listeners, []);
  ask(TYPE.routes, ROUTES);
  read(stream, message => {
    const got = responseOf(message);
    if (got.type === TYPE.routes) {
      isReady();
      const at = performance.now();
      const here = waiting.filter(({ bytes }) => got.resources.some(resource => resource.includes(bytes)));
      for (const each of here) {
        waiting.splice(waiting.indexOf(each), 1);
        each.found(at);
      }
    }
    const isFirst = got.type === TYPE.clusters && endpoints.length === 0;
    if (got.type === TYPE.clusters) endpoints = namesOf(got.resources);
    ask(
      got.type,
      got.type === TYPE.routes ? ROUTES : got.type === TYPE.endpoints ? endpoints : [],
      got.version,
      got.nonce,
    );
    if (isFirst) ask(TYPE.endpoints, endpoints);
  });
  let endpoints: string[] = [];

  return {
    ready,
    holding: bytes => new Promise(found => waiting.push({ bytes, found })),
    close() {
      stream.close();
      session.destroy();
    },
  };
}

/** As istiod's agents call themselves. */
function nodeOf(index: number, namespace: string): Buffer {
  const address = `10.255.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const name = `xds-${index}`;
  return Buffer.concat([
    field(1, `sidecar~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`),
    field(2, `${name}.${namespace}`),
    field(
      3,
      struct({ NAMESPACE: namespace, CLUSTER_ID: 'Kubernetes', ISTIO_VERSION: '1.31.0', LABELS: { app: name } }),
    ),
  ]);
}

interface Request {
  type: string;
  names: string[];
  version: string;
  nonce: string;
}

function send(stream: ClientHttp2Stream, node: Buffer, { type, names, version, nonce }: Request): void {
  if (stream.closed || stream.destroyed) return;
  const message = Buffer.concat([
    ...(version ? [field(1, version)] : []),
    field(2, node),
    ...names.map(name => field(3, name)),
    field(4, type),
    ...(nonce ? [field(5, nonce)] : []),
  ]);
  // Not compressed, and so long.
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.write(Buffer.concat([prefix, message]));
}

/** Messages as gRPC frames them: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
function read(stream: ClientHttp2Stream, heard: (message: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    for (;;) {
      if (size < 5) return;
      if (chunks[0]!.length < 5) chunks = [Buffer.concat(chunks)];
      const length = 5 + chunks[0]!.readUInt32BE(1);
      if (size < length) return;
      const all = Buffer.concat(chunks);
      heard(all.subarray(5, length));
      chunks = [all.subarray(length)];
      size -= length;
    }
  });
}

function responseOf(message: Buffer): { type: string; version: string; nonce: string; resources: Buffer[] } {
  const texts: Record<number, string> = {};
  const resources: Buffer[] = [];
  for (const { number, value } of fieldsOf(message)) {
    if (number === 2) resources.push(value);
    else if (value.length < 1_000) texts[number] = value.toString();
  }
  return { type: texts[4] ?? '', version: texts[1] ?? '', nonce: texts[5] ?? '', resources };
}

/** Of clusters whose endpoints are asked for. */
function namesOf(resources: Buffer[]): string[] {
  return resources.flatMap(resource => {
    const value = [...fieldsOf(resource)].find(({ number }) => number === 2)?.value;
    const name = value && [...fieldsOf(value)].find(({ number }) => number === 1)?.value.toString();
    return name?.startsWith('outbound|') ? [name] : [];
  });
}

function failing(session: ClientHttp2Session, stream: ClientHttp2Stream, reject: (error: Error) => void): void {
  session.on('error', reject);
  stream.on('error', reject);
  for (const event of ['response', 'trailers'] as const) {
    stream.on(event, (headers: IncomingHttpHeaders) => {
      const status = headers['grpc-status'];
      if (status !== undefined)
        reject(new Error(`istiod ended the stream: ${status} ${headers['grpc-message'] ?? ''}`));
    });
  }
  stream.on('close', () => reject(new Error('istiod ended the stream')));
}
