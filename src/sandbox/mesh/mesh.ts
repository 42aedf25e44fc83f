/** The local mesh: Bookinfo behind an ingress gateway, every hop routed by route(), with traces and metrics. */
import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Clock, Random } from '../../ports.ts';
import type { App } from './apps/app.ts';
import { details } from './apps/details.ts';
import { echo } from './apps/echo.ts';
import { productpage } from './apps/productpage.ts';
import { ratings } from './apps/ratings.ts';
import { reviews } from './apps/reviews.ts';
import type { Ran } from './curl/curl.ts';
import type { ExecRequest } from './exec.ts';
import { exec } from './exec.ts';
import { gatewayApp, openGateway } from './gateway.ts';
import type { Kubernetes } from './live-world.ts';
import { LiveWorld } from './live-world.ts';
import { startLoad } from './load.ts';
import { Meter } from './metrics/meter.ts';
import { servePrometheus } from './promql/prometheus.ts';
import { call } from './proxy/outbound.ts';
import type { Surroundings } from './proxy/surroundings.ts';
import { listen, send } from './server.ts';
import { SpanStore } from './tracing/store.ts';
import { serveZipkin } from './tracing/zipkin.ts';

export interface MeshOptions {
  kubernetes: Kubernetes;
  /** Of the gateway; any free one unless told. */
  port?: number;
  /** Of Zipkin's and Prometheus' APIs; any free one unless told. */
  telemetryPort?: number;
  clock?: Clock;
  random?: Random;
  /** Visits of the product page per second; none unless told. */
  load?: number;
}

export interface LocalMesh {
  /** The product page. */
  shopUrl: string;
  gatewayUrl: string;
  zipkinUrl: string;
  prometheusUrl: string;
  exec(request: ExecRequest): Promise<Ran>;
  /** Starts, changes or, with 0, stops the background load. */
  load(perSecond: number): void;
  /** The proxy of `namespace/pod`, or all of them, keeps the configuration it has. */
  freeze(pod: 'all' | (string & {})): void;
  thaw(pod: 'all' | (string & {})): void;
  /** Apps no longer pass this header on; with false they do again. */
  lose(header: string, lost?: boolean): void;
  close(): Promise<void>;
}

/** Rejects when a port is taken. Listens on 127.0.0.1 only. */
export async function startMesh(options: MeshOptions): Promise<LocalMesh> {
  const live = await LiveWorld.follow(options.kubernetes);
  const mesh = surroundings(live, options.clock ?? CLOCK, options.random ?? RANDOM);
  const { clock } = mesh;

  const gateway = await openGateway(mesh, options.port);
  live.onMove(() => gateway.follow());
  const telemetry = await listen((request, response) => {
    void serveZipkin(mesh.spans, clock, request, response)
      .then(async served => served || (await servePrometheus(mesh.meter, request, response)))
      .then(served => served || send(response, 404, 'text/plain', 'Zipkin is at /api/v2, Prometheus at /api/v1.\n'))
      .catch(() => response.destroy());
  }, options.telemetryPort).catch(async cause => {
    await gateway.close();
    throw cause;
  });

  const gatewayUrl = `http://127.0.0.1:${gateway.port}`;
  const telemetryUrl = `http://127.0.0.1:${telemetry.port}`;
  const shopUrl = `${gatewayUrl}/productpage`;
  let stopLoad: () => void = () => {};
  const load = (perSecond: number): void => {
    stopLoad();
    stopLoad = perSecond > 0 ? startLoad(clock, perSecond, () => visit(shopUrl)) : () => {};
  };
  load(options.load ?? 0);

  return {
    shopUrl,
    gatewayUrl,
    zipkinUrl: telemetryUrl,
    prometheusUrl: telemetryUrl,
    exec: request => exec(mesh, request),
    load,
    freeze: pod => live.freeze(pod),
    thaw: pod => live.thaw(pod),
    lose: (header, lost = true) => {
      if (lost) mesh.lost.add(header.toLowerCase());
      else mesh.lost.delete(header.toLowerCase());
    },
    close: async () => {
      stopLoad();
      live.close();
      await Promise.all([gateway.close(), telemetry.close()]);
    },
  };
}

const APPS: Record<string, App> = { productpage, details, reviews, ratings };

function surroundings(live: LiveWorld, clock: Clock, random: Random): Surroundings {
  const mesh: Surroundings = {
    clock,
    random,
    configOf: (namespace, pod) => live.configOf(namespace, pod),
    cluster: () => live.world,
    spans: new SpanStore(),
    meter: new Meter(clock),
    appOf: name => (name === 'istio-ingressgateway' ? gatewayApp(mesh) : (APPS[name] ?? echo)),
    call: (from, request, signal) => call(mesh, from, request, signal),
    lost: new Set(),
  };
  return mesh;
}

async function visit(url: string): Promise<void> {
  const response = await fetch(url, { headers: { 'user-agent': 'background-load' } });
  await response.arrayBuffer();
}

const CLOCK: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => {
    // Aborted means no longer waiting, which is not an error here.
    await after(ms, undefined, { signal }).catch(() => undefined);
  },
};

const RANDOM: Random = { hex: bytes => randomBytes(bytes).toString('hex') };
