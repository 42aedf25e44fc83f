/** Counts a request that an access log tells of, with the labels that Istio's own metrics have. */
import { labelsOf } from '../../../src/sandbox/mesh/metrics/labels.ts';
import type { Meter } from '../../../src/sandbox/mesh/metrics/meter.ts';
import type { Reported } from './access-log.ts';
import type { PodName, Pods } from './pods.ts';

/** `own`: the pod whose proxy wrote it. */
export function observe(meter: Meter, reported: Reported | undefined, own: PodName, pods: Pods): void {
  const self = reported && pods.named(own);
  if (!self) return;
  const peer = reported.peer === undefined ? undefined : pods.at(reported.peer);
  const isSource = reported.side === 'source';
  const [source, destination] = isSource ? [self, peer] : [peer, self];
  // Without a name in the handshake, as from a pod without a sidecar, it was sent to the pod's own service.
  const service = reported.service === 'unknown' && !isSource ? pods.serviceOf(self) : reported.service;
  const labels = labelsOf({
    reporter: reported.side,
    service,
    answer: { status: reported.status, flags: reported.flags, headers: {}, body: '' },
    mutualTls: reported.mutualTls,
    ...(source && { source }),
    ...(destination && { destination }),
  });
  meter.observe(labels, reported.took);
}
