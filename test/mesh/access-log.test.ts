import { describe, expect, it } from 'vitest';
import { reportedBy } from './beside/access-log.ts';

/** As Envoy wrote them, cut to what is read. */
const line = (fields: object) =>
  JSON.stringify({ method: 'GET', protocol: 'HTTP/1.1', response_code: 200, response_flags: '-', ...fields });

describe('what a proxy’s access log tells of a request', () => {
  it('is sent: to which service and which pod', () => {
    const sent = line({
      duration: 196,
      downstream_peer: null,
      downstream_remote: '10.244.0.12',
      server_name: null,
      upstream_cluster: 'outbound|9080|v1|reviews.default.svc.cluster.local',
      upstream_host: '10.244.0.9:9080',
    });
    expect(reportedBy(sent)).toEqual({
      side: 'source',
      service: 'reviews.default.svc.cluster.local',
      peer: '10.244.0.9',
      mutualTls: false,
      status: 200,
      flags: '-',
      took: 196,
    });
  });

  it('is received: by which name it was asked for, and from whom', () => {
    const received = line({
      duration: 99,
      downstream_peer: 'spiffe://cluster.local/ns/default/sa/bookinfo-productpage',
      downstream_remote: '10.244.0.12',
      server_name: 'outbound_.9080_.v1_.reviews.default.svc.cluster.local',
      upstream_cluster: 'inbound|9080||',
      upstream_host: '10.244.0.9:9080',
    });
    expect(reportedBy(received)).toMatchObject({
      side: 'destination',
      service: 'reviews.default.svc.cluster.local',
      peer: '10.244.0.12',
      mutualTls: true,
    });
  });

  it('is received from a pod without a sidecar: no name, no mutual TLS', () => {
    const plain = line({ downstream_peer: null, server_name: null, upstream_cluster: 'inbound|9080||' });
    expect(reportedBy(plain)).toMatchObject({ side: 'destination', service: 'unknown', mutualTls: false });
  });

  it('is answered by the proxy itself: no pod was reached', () => {
    const none = line({
      response_code: 503,
      response_flags: 'UH',
      upstream_cluster: 'outbound|9080|v9|reviews.default.svc.cluster.local',
      upstream_host: null,
    });
    expect(reportedBy(none)).not.toHaveProperty('peer');
    expect(reportedBy(none)).toMatchObject({ service: 'reviews.default.svc.cluster.local', status: 503, flags: 'UH' });
  });

  it('leaves out what is no request', () => {
    expect(reportedBy('info\tStatus server has started')).toBeUndefined();
    expect(reportedBy('{"level":"info"}')).toBeUndefined();
    expect(reportedBy('{ "response_code": ')).toBeUndefined();
  });
});
