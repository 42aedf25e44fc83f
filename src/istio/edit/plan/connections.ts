/** Whether what is written routes connections instead of requests: the mesh counts neither requests nor errors of them. */
import { isDeepStrictEqual } from 'node:util';
import type { Write } from '../../../ports.ts';

/** https://istio.io/latest/docs/reference/config/metrics/ has no response code, and no duration, of TCP. */
export function routesConnections(writes: Write[]): boolean {
  return writes.some(({ ref, before, after }) => {
    if (ref.kind !== 'VirtualService') return false;
    const isMoved = (section: 'tcp' | 'tls') => !isDeepStrictEqual(before?.spec?.[section], after?.spec?.[section]);
    return isMoved('tcp') || isMoved('tls');
  });
}
