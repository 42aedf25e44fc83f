/** What the proxies say of the requests they handled: response flags and cluster, by the user agent that numbers them. */
import type { KubeObject } from '../../../src/object.ts';
import { object } from '../surroundings.ts';
import type { Api } from './api.ts';

export interface Logged {
  status: number;
  flags: string;
  cluster: string;
}

/** One line of ours among those of the mesh's own format. */
const FORMAT = 'truth: %REQ(USER-AGENT)% %RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_CLUSTER_RAW%\n';
const LINE = /^truth: (truth-[\w-]+) (\d+) (\S+) (\S+)$/;

function logged(line: string): (Logged & { id: string }) | undefined {
  const [, id, status, flags, cluster] = LINE.exec(line.trimEnd()) ?? [];
  return id === undefined ? undefined : { id, status: Number(status), flags: flags!, cluster: cluster! };
}

/** Makes the proxies of a namespace write that line, whatever the mesh's own format is. */
export function logging(namespace: string): KubeObject {
  const file = {
    name: 'truth',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
      path: '/dev/stdout',
      log_format: { text_format_source: { inline_string: FORMAT } },
    },
  };
  const manager = {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      access_log: [file],
    },
  };
  const filter = { filter: { name: 'envoy.filters.network.http_connection_manager' } };
  return object(
    'networking.istio.io/v1alpha3',
    'EnvoyFilter',
    'truth-log',
    namespace,
    {},
    {
      spec: {
        configPatches: ['SIDECAR_OUTBOUND', 'GATEWAY'].map(context => ({
          applyTo: 'NETWORK_FILTER',
          match: { context, listener: { filterChain: filter } },
          patch: { operation: 'MERGE', value: manager },
        })),
      },
    },
  );
}

export class AccessLogs {
  readonly #lines = new Map<string, Logged>();
  readonly #stop = new AbortController();

  /** Reads on until closed. */
  follow(api: Api, namespace: string, pod: string): void {
    const { signal } = this.#stop;
    const reading = async () => {
      while (!signal.aborted) {
        try {
          await api.follow(namespace, pod, 'istio-proxy', signal, line => {
            const found = logged(line);
            if (found) this.#lines.set(found.id, found);
          });
        } catch (error) {
          if (!signal.aborted) process.stderr.write(`the log of ${namespace}/${pod} broke off: ${error}\n`);
        }
        await new Promise(resolve => setTimeout(resolve, 200));
      }
    };
    void reading();
  }

  take(id: string): Logged | undefined {
    const found = this.#lines.get(id);
    this.#lines.delete(id);
    return found;
  }

  has(id: string): boolean {
    return this.#lines.has(id);
  }

  close(): void {
    this.#stop.abort();
  }
}
