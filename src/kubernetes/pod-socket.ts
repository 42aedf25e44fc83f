/** A WebSocket to a subresource of a pod: where it is, and what the API server says when it opens none. */
import type { WebSocket } from 'ws';
import { isLabel, isName } from '../istio/hosts.ts';
import { ClusterError } from '../ports.ts';
import { refusal } from './errors.ts';

/** Throws ClusterError 'invalid' where a name is none. `query`: encoded. */
export function podSocketUrl(
  server: string,
  { namespace, pod }: { namespace: string; pod: string },
  subresource: 'exec' | 'portforward',
  query: URLSearchParams,
): string {
  if (!isLabel(namespace)) throw new ClusterError('invalid', `'${namespace}' is no name of a namespace.`);
  if (!isName(pod)) throw new ClusterError('invalid', `'${pod}' is no name of a pod.`);
  return `${server.replace(/^http/, 'ws')}/api/v1/namespaces/${namespace}/pods/${pod}/${subresource}?${query}`;
}

/** Hands over, as the ClusterError that it means, the answer that came instead of a WebSocket. */
export function onRefusal(socket: WebSocket, subject: string, reject: (error: ClusterError) => void): void {
  socket.on('unexpected-response', (_, response) => {
    const pieces: Buffer[] = [];
    response.on('data', (piece: Buffer) => pieces.push(piece));
    response.on('close', () => {
      const told = statusIn(Buffer.concat(pieces).toString());
      reject(refusal(subject, response.statusCode ?? 500, told, { retryAfter: response.headers['retry-after'] }));
    });
  });
}

/** A Status of the API server's, or the words of whoever stands before it as its message. */
export function statusIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return { message: text.slice(0, 500) };
  }
}
