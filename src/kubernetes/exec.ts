/** Runs a command in a pod and collects what it prints. https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets */
import { WebSocket } from 'ws';
import { isLabel } from '../istio/hosts.ts';
import { type Clock, ClusterError } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { unanswered } from './errors.ts';
import { onRefusal, podSocketUrl, statusIn } from './pod-socket.ts';

export interface ExecRequest {
  namespace: string;
  pod: string;
  /** undefined: the pod's default container. */
  container?: string | undefined;
  /** Program and arguments; no shell reads them. */
  command: string[];
  /** ms, for all of it. */
  deadline: number;
  /** Bytes of standard output after which no more is waited for. */
  most: number;
  /**
   * ms for which its output is still read, unseen, after this gave up. A program without a time limit of its own would
   * otherwise stand in the pod for good, writing to a pipe that nobody empties.
   */
  linger?: number;
}

export interface ExecResult {
  /** undefined: it was not heard, because the output was enough, the time was up, or the connection closed without it. */
  exitCode: number | undefined;
  stdout: Buffer;
  stderr: string;
  ended: 'exit' | 'enough' | 'deadline' | 'closed';
  /** What the API server said about a command that could not even be started. */
  refused?: string;
}

const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/**
 * Never waits longer than the deadline. What runs in the pod is not killed when this gives up: the command must have a
 * time limit of its own. Throws ClusterError where the pod cannot be reached: 'not-found', 'forbidden', 'unavailable'.
 */
export async function exec(client: KubeClient, clock: Clock, request: ExecRequest): Promise<ExecResult> {
  const subject = `Pod ${request.namespace}/${request.pod}`;
  const url = urlOf(client.server, request);
  const options = {};
  await client.config.applyToHTTPSOptions(options);
  const socket = new WebSocket(url, PROTOCOLS, { ...options, handshakeTimeout: 10_000, maxPayload: 16 * 2 ** 20 });
  const done = new AbortController();
  try {
    return await Promise.race([
      collect(socket, request.most, subject, client.server),
      clock.sleep(request.deadline, done.signal).then(() => ({ ...EMPTY, ended: 'deadline' as const })),
    ]);
  } finally {
    done.abort();
    if (request.linger !== undefined && socket.readyState === WebSocket.OPEN) letEnd(socket, clock, request.linger);
    else socket.terminate();
  }
}

/** Frames are read and thrown away until the program's status comes, the other side closes, or time is up. */
function letEnd(socket: WebSocket, clock: Clock, linger: number): void {
  const over = new AbortController();
  socket.removeAllListeners('message');
  socket.on('message', data => {
    if (bytes(data)[0] === STATUS) over.abort();
  });
  socket.on('close', () => over.abort());
  void clock.sleep(linger, over.signal).then(() => socket.terminate());
}

const EMPTY = { exitCode: undefined, stdout: Buffer.alloc(0), stderr: '' };

function urlOf(server: string, { namespace, pod, container, command }: ExecRequest): string {
  if (container !== undefined && !isLabel(container)) {
    throw new ClusterError('invalid', `'${container}' is no name of a container.`);
  }
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true' });
  if (container !== undefined) query.set('container', container);
  for (const argument of command) query.append('command', argument);
  return podSocketUrl(server, { namespace, pod }, 'exec', query);
}

function collect(socket: WebSocket, most: number, subject: string, server: string): Promise<ExecResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let size = 0;
  let opened = false;
  return new Promise((resolve, reject) => {
    const end = (ended: ExecResult['ended'], told: Pick<ExecResult, 'exitCode' | 'refused'>) =>
      resolve({ ...told, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString(), ended });
    socket.on('open', () => {
      opened = true;
    });
    socket.on('message', data => {
      const frame = bytes(data);
      const content = frame.subarray(1);
      if (frame[0] === STDOUT) {
        stdout.push(content);
        size += content.length;
        if (size >= most) end('enough', { exitCode: undefined });
      } else if (frame[0] === STDERR) {
        if (stderr.length < 64) stderr.push(content.subarray(0, 1_024));
      } else if (frame[0] === STATUS) {
        end('exit', outcome(content.toString()));
      }
    });
    onRefusal(socket, subject, reject);
    socket.on('error', error => {
      if (!opened) reject(unanswered(subject, server, error));
    });
    // It closes without a status when the API server or the kubelet goes away: whoever waits must hear of it.
    socket.on('close', () => end('closed', { exitCode: undefined }));
  });
}

interface ExecStatus {
  status?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** The last frame: `Success`, or `Failure` with the exit code as a cause. */
function outcome(text: string): Pick<ExecResult, 'exitCode' | 'refused'> {
  const status = statusIn(text) as ExecStatus;
  if (status.status === 'Success') return { exitCode: 0 };
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code !== undefined && /^\d+$/.test(code)) return { exitCode: Number(code) };
  return { exitCode: undefined, refused: status.message ?? 'the command could not be started' };
}

function bytes(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
