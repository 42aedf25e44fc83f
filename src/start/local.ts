/** Whatever half is not real is started here, on loopback, and its addresses and credentials handed to the bot. */
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config/errors.ts';
import type { Invocation } from '../config/invocation.ts';
import { type Configuration, readSettings } from '../config/settings.ts';
import type { ClusterAddress } from '../kubernetes/config.ts';
import type { LocalCluster } from '../sandbox/cluster.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import type { SlackCredentials } from '../slack/slack.ts';
import { manifestOf } from './manifest.ts';
import { requireFree, takenMessage } from './ports.ts';

export interface Surroundings {
  configuration: Configuration;
  slack: { credentials: SlackCredentials; apiUrl?: string };
  cluster: ClusterAddress;
  local: { slack: LocalSlack | undefined; cluster: LocalCluster | undefined };
  close(): Promise<void>;
}

/** The local world's own meshbot.yaml. */
export const LOCAL_SETTINGS = fileURLToPath(new URL('../sandbox/meshbot.yaml', import.meta.url));

/** Visits of the shop per second, so that rates are alive. */
const LOAD = 4;

/** Throws ConfigError for a port that is taken; then nothing is left running. */
export async function startSurroundings(invocation: Invocation, load = LOAD): Promise<Surroundings> {
  const configuration = readSettings(invocation.config ?? LOCAL_SETTINGS);
  const { ports } = invocation;
  await requireFree({
    ...(invocation.slack ? {} : { '--slack-port': ports.slack }),
    ...(invocation.cluster ? {} : { '--shop-port': ports.shop, '--kubernetes-port': ports.kubernetes }),
    '--health-port': ports.health,
  });
  const cluster = invocation.cluster
    ? undefined
    : await naming({ '--kubernetes-port': ports.kubernetes, '--shop-port': ports.shop }, () =>
        localCluster(ports, load),
      );
  let slack: LocalSlack | undefined;
  try {
    slack = invocation.slack ? undefined : await naming({ '--slack-port': ports.slack }, () => localSlack(ports.slack));
  } catch (error) {
    await cluster?.close();
    throw error;
  }
  return {
    configuration: cluster ? withTelemetryOf(configuration, cluster) : configuration,
    slack: slack
      ? { credentials: { kind: 'socket', botToken: slack.botToken, appToken: slack.appToken }, apiUrl: slack.apiUrl }
      : { credentials: realSlack(invocation) },
    cluster: cluster ? { kind: 'server', server: cluster.kubernetes.url } : realCluster(invocation),
    local: { slack, cluster },
    async close() {
      await slack?.close();
      await cluster?.close();
    },
  };
}

// Loaded only when wanted: beside a real Slack and cluster none of it takes memory.
async function localCluster(ports: Invocation['ports'], load: number): Promise<LocalCluster> {
  const { startCluster } = await import('../sandbox/cluster.ts');
  return startCluster({ ports, load });
}

async function localSlack(port: number): Promise<LocalSlack> {
  const { startSlack } = await import('../sandbox/slack/server.ts');
  return startSlack({ port, ...manifestOf() });
}

/** What meshbot.yaml says itself is left as it is. */
function withTelemetryOf(configuration: Configuration, { mesh }: LocalCluster): Configuration {
  return {
    ...configuration,
    gateway: configuration.gateway ?? mesh.gatewayUrl,
    telemetry: {
      zipkin: mesh.zipkinUrl,
      prometheus: mesh.prometheusUrl,
      traceLink: `${mesh.zipkinUrl}/zipkin/traces/{traceId}`,
      ...configuration.telemetry,
    },
  };
}

function realSlack(invocation: Invocation): SlackCredentials {
  if (!invocation.slack) throw new Error('the local Slack was not started');
  const { slack, healthHost } = invocation;
  return slack.kind === 'http' ? { ...slack, host: healthHost } : slack;
}

function realCluster({ cluster }: Invocation): ClusterAddress {
  if (!cluster) throw new Error('the local cluster was not started');
  if (cluster.kind === 'in-cluster') return cluster;
  const { file, context } = cluster;
  return { kind: 'kubeconfig', ...(file !== undefined && { path: file }), ...(context !== undefined && { context }) };
}

/** A port that is taken is told with the options that choose another. */
async function naming<T>(options: Record<string, number>, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    const taken = takenPort(cause);
    if (taken === undefined) throw cause;
    const [option] = Object.entries(options).find(([, port]) => port === taken) ?? Object.entries(options)[0]!;
    throw new ConfigError([takenMessage(option, taken)], { cause });
  }
}

function takenPort(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, port } = error as Error & { code?: string; port?: number };
  return code === 'EADDRINUSE' && port !== undefined ? port : takenPort(error.cause);
}
