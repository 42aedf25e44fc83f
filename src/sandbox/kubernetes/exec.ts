/**
 * pods/exec over WebSocket: channels 0 stdin, 1 stdout, 2 stderr, 3 the closing Status; 255 closes a channel (v5).
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#exec
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { PassThrough, type Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { JsonObject, KubeObject } from '../../object.ts';
import { isObject } from './schema.ts';
import { badRequest } from './status-errors.ts';

export interface ExecRequest {
  namespace: string;
  pod: string;
  container?: string;
  command: string[];
  /** Set when the client sends stdin. */
  stdin?: Readable;
}

export interface ExecResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

export type ExecHandler = (request: ExecRequest) => Promise<ExecResult>;

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** Which command in which container. Throws 400 as the kubelet and kube-apiserver do. */
export function execRequestOf(pod: KubeObject, query: URLSearchParams): ExecRequest {
  const { name, namespace = '' } = pod.metadata;
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  const streams = ['stdin', 'stdout', 'stderr'].filter(stream => isTrue(query.get(stream)));
  if (streams.length === 0) throw badRequest('you must specify at least one of stdin, stdout, stderr');
  const known = containersOf(pod);
  const wanted = query.get('container') || pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (!wanted && known.length > 1) {
    const names = known.join(' ');
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names}]`);
  }
  const container = wanted ?? known[0];
  if (container && !known.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  if (['Succeeded', 'Failed'].includes(String(pod.status?.phase))) {
    throw badRequest(`cannot exec into a container in a completed pod; current phase is ${pod.status?.phase}`);
  }
  return { namespace, pod: name, command, ...(container ? { container } : {}) };
}

function containersOf(pod: KubeObject): string[] {
  const containers = pod.spec?.containers;
  return (Array.isArray(containers) ? containers.filter(isObject) : []).map(container => String(container.name));
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

export class ExecServer {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: offered => PROTOCOLS.find(protocol => offered.has(protocol)) ?? false,
  });

  /** Takes over the connection, runs `handler`, sends what it gives and closes. */
  serve(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    exec: ExecRequest,
    query: URLSearchParams,
    handler: ExecHandler,
  ): void {
    this.#sockets.handleUpgrade(request, socket, head, connection => void run(connection, exec, query, handler));
  }

  /** Ends all connections at once. */
  close(): void {
    for (const connection of this.#sockets.clients) connection.terminate();
    this.#sockets.close();
  }
}

async function run(
  connection: WebSocket,
  exec: ExecRequest,
  query: URLSearchParams,
  handler: ExecHandler,
): Promise<void> {
  const send = (channel: number, text: string | Buffer) => {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    if (connection.readyState === connection.OPEN) connection.send(Buffer.concat([Buffer.of(channel), bytes]));
  };
  const stdin = new PassThrough();
  connection.on('message', (data: Buffer) => {
    const [channel, closed] = data;
    if (channel === 0) stdin.write(data.subarray(1));
    if (channel === 255 && closed === 0) stdin.end();
  });
  connection.once('close', () => stdin.end());
  connection.once('error', () => connection.terminate());
  // An empty message on the lowest channel that the server writes tells the client that the streams are there.
  send(1, '');
  let status: JsonObject;
  try {
    const result = await handler({ ...exec, ...(isTrue(query.get('stdin')) ? { stdin } : {}) });
    if (isTrue(query.get('stdout')) && result.stdout) send(1, result.stdout);
    if (isTrue(query.get('stderr')) && result.stderr) send(2, result.stderr);
    status = statusOf(result.exitCode);
  } catch (error) {
    const message = `error executing command in container: ${error instanceof Error ? error.message : String(error)}`;
    status = { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
  }
  send(3, JSON.stringify(status));
  connection.close(1000);
}

function statusOf(exitCode: number): JsonObject {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
