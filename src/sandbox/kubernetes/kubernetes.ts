/** The local Kubernetes API: an API server in memory, over real HTTP, that kubectl and client-node can talk to. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { dump } from 'js-yaml';
import { type KubernetesInMemory, newKubernetes } from './in-memory.ts';

export interface KubernetesOptions {
  /** 0, the default: any free one. */
  port?: number;
  /** Epoch ms. */
  now?: () => number;
}

export interface LocalKubernetes extends Omit<KubernetesInMemory, 'handle' | 'upgrade' | 'close'> {
  url: string;
  port: number;
  /** YAML text for kubectl and client-node. */
  kubeconfig(): string;
  /** Ends all connections and watches at once. */
  close(): Promise<void>;
}

/** On 127.0.0.1 only. Throws when the port is taken, with the system's error as cause. */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<LocalKubernetes> {
  const kubernetes = newKubernetes(options);
  const server = createServer({ keepAliveTimeout: 65_000 }, kubernetes.handle);
  server.on('upgrade', kubernetes.upgrade);
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  return {
    ...kubernetes,
    url,
    port,
    kubeconfig: () => kubeconfigText(url),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        kubernetes.close();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken ? `Port ${port} is taken; choose another one, or 0 for any that is free.` : cause.message;
      reject(new Error(`The local Kubernetes API cannot listen on 127.0.0.1:${port}. ${why}`, { cause }));
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function kubeconfigText(url: string): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'local', user: {} }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local', namespace: 'default' } }],
    'current-context': 'local',
  });
}
