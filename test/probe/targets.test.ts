import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProbeError, type ProbeSource } from '../../src/ports.ts';
import { refusedAddress } from '../../src/probe/addresses.ts';
import { checkHeaders } from '../../src/probe/headers.ts';
import { judge, parse } from '../../src/probe/targets.ts';
import { mesh } from './world.ts';

const GATEWAY: ProbeSource = { kind: 'gateway' };
const POD: ProbeSource = { kind: 'pod', namespace: 'default', pod: 'ratings-v1' };

/** The sentence of the refusal; undefined: it is allowed. */
function refusal(text: string, from: ProbeSource): string | undefined {
  try {
    judge(mesh(), parse(text), from);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ProbeError);
    return (error as ProbeError).message;
  }
}

describe('a target is asked', () => {
  it.each([
    ['http://reviews:9080/reviews/0', POD],
    ['http://reviews.default.svc.cluster.local:9080/reviews/0?x=1', POD],
    ['http://REVIEWS:9080/', POD],
    ['reviews:9080/reviews/0', POD],
    ['http://cart.shop:8080/', POD],
    ['http://cart.shop.svc:7070/', POD],
    ['http://outside/', POD],
    ['http://httpbin.example.org/get', POD],
    ['http://shop.example.com/cart', GATEWAY],
    ['http://shop.example.com:8443/cart', GATEWAY],
    ['http://a.wild.example.com/', GATEWAY],
    ['http://shop.example.com./', GATEWAY],
  ] as const)('%s', (text, from) => {
    expect(refusal(text, from)).toBeUndefined();
  });
});

describe('a target is refused', () => {
  it.each([
    // The cloud's metadata, in every notation.
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://0xa9fea9fe/',
    'http://0xA9.0xFE.0xA9.0xFE/',
    'http://169.254.43518/',
    'http://169.254.169.254./',
    'http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[2002:a9fe:a9fe::]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    // Loopback.
    'http://127.0.0.1:15000/config_dump',
    'http://127.1/',
    'http://2130706433/',
    'http://0/',
    'http://0.0.0.0:8080/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://x.localhost/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:7f00:1]/',
    'http://%31%32%37.0.0.1/',
  ])('%s, from wherever', text => {
    for (const from of [GATEWAY, POD])
      expect(refusal(text, from)).toMatch(/is not asked: it is (link-local|meshbot’s)/);
  });

  it.each([
    ['http://10.0.0.1/', POD, /Name the service or host instead of 10\.0\.0\.1/],
    ['http://[2001:db8::1]/', POD, /Name the service or host/],
    ['http://metadata.google.internal/', POD, /neither a service nor a ServiceEntry/],
    ['http://any.example.net/', POD, /neither a service nor a ServiceEntry/],
    ['http://evil.example.com/', GATEWAY, /nor a host that a gateway exposes/],
    ['http://inner.example.com/', GATEWAY, /nor a host that a gateway exposes/],
    ['http://shop.example.com/', POD, /try --from gateway/],
    ['http://shop.example.com.evil.example.org/', GATEWAY, /nor a host that a gateway exposes/],
    ['http://reviews:15000/config_dump', POD, /Envoy’s admin port/],
    ['http://reviews:15020/stats', POD, /sidecar agent/],
    ['http://reviews:15021/', POD, /health port/],
    ['http://reviews:10250/pods', POD, /kubelet/],
    ['http://shop.example.com:15000/', GATEWAY, /Envoy’s admin port/],
    ['http://reviews:22/', POD, 'reviews has no port 22; it has 9080.'],
    ['http://sly/', POD, 'Port 80 of sly is Envoy’s admin port and is not asked.'],
    ['http://istiod.istio-system:15014/debug/syncz', POD, /istiod’s debug port/],
    ['http://istiod.istio-system:8080/debug/endpointz', POD, /control plane/],
    ['http://kubernetes:443/', POD, 'The API server is not asked.'],
    ['http://kubernetes.default.svc.cluster.local:443/', POD, 'The API server is not asked.'],
    ['http://kube-dns.kube-system:9153/metrics', POD, /part of the cluster itself/],
    ['http://sneaky/', POD, /169\.254\.169\.254 is not asked/],
    ['http://cloud/', POD, /leads to metadata\.google\.internal/],
    ['https://reviews:9080/', POD, /Only http:\/\/ is asked from pods/],
    ['https://elsewhere.example.org/', GATEWAY, /nor a host that a gateway exposes/],
    ['https://shop.example.com:15000/', GATEWAY, /Envoy’s admin port/],
    ['file:///etc/passwd', POD, /Only http:\/\/ is asked, not file/],
    ['gopher://reviews:9080/_x', POD, /Only http:\/\//],
    ['http://user:pass@reviews:9080/', POD, /user or password/],
    ['http://reviews:9080@169.254.169.254/', POD, /user or password/],
    ['http://@reviews:9080/', POD, /user or password/],
    ['http://reviews:9080\\@169.254.169.254/', POD, /no spaces, control characters/],
    ['http://reviews:9080/\r\nHost: x', POD, /no spaces, control characters/],
    ['http://re\tviews:9080/', POD, /no spaces, control characters/],
    ['http://', POD, /is no address/],
    ['http://reviews:99999/', POD, /is no address/],
    [`http://reviews:9080/${'a'.repeat(3_000)}`, POD, /2048 characters/],
  ] as const)('%s', (text, from, message) => {
    const told = refusal(text, from);
    if (typeof message === 'string') expect(told).toBe(message);
    else expect(told).toMatch(message);
  });

  it('whatever notation an IPv4 address of loopback or link-local is written in', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const address = fc.oneof(
      fc.tuple(fc.constant(127), byte, byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    );
    const forms = ['d', 'o', 'x', 'n', 'xn', 'm', 'mx'] as const;
    fc.assert(
      fc.property(address, fc.constantFrom(...forms), (bytes, form) => {
        const [a, b, c, d] = bytes;
        const number = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
        const hex = (n: number) => n.toString(16);
        const host = {
          d: bytes.join('.'),
          o: bytes.map(part => `0${part.toString(8)}`).join('.'),
          x: bytes.map(part => `0x${hex(part)}`).join('.'),
          n: `${number}`,
          xn: `0x${hex(number)}`,
          m: `[::ffff:${bytes.join('.')}]`,
          mx: `[::ffff:${hex((a << 8) | b)}:${hex((c << 8) | d)}]`,
        }[form];
        expect(refusal(`http://${host}/`, POD)).toMatch(/is not asked/);
      }),
    );
  });
});

it('tells good addresses from refused ones when a connection is made', () => {
  for (const good of ['192.0.2.10', '10.0.0.1', '203.0.113.7', '2001:db8::1', '::ffff:10.0.0.1']) {
    expect(refusedAddress(good)).toBeUndefined();
  }
  for (const bad of ['127.0.0.1', '::1', '169.254.169.254', '::ffff:127.0.0.1', 'fe80::1%eth0', '', 'x', '0.0.0.0']) {
    expect(refusedAddress(bad)).toBeDefined();
  }
});

describe('a header', () => {
  it('of the application may be set', () => {
    const headers = {
      'end-user': 'jason',
      'X-B3-TraceId': 'abc',
      traceparent: '00-a-b-01',
      'x-request-id': '1',
      empty: '',
    };
    expect(() => checkHeaders(headers)).not.toThrow();
  });

  it.each([
    [{ Authorization: 'Bearer x' }, /lends nobody/],
    [{ cookie: 'session=x' }, /no place for sessions/],
    [{ 'Content-Length': '5' }, /connection’s own/],
    [{ 'transfer-encoding': 'chunked' }, /connection’s own/],
    [{ 'X-Envoy-Original-Dst-Host': '169.254.169.254:80' }, /steers the proxy/],
    [{ 'x-forwarded-client-cert': 'By=…' }, /another’s identity/],
    [{ 'X-HTTP-Method-Override': 'DELETE' }, /another method/],
    [{ a: 'x\r\nHost: evil' }, /line break/],
    [{ a: 'x\ny' }, /line break/],
    [{ a: 'x\0y' }, /line break/],
    [{ 'a b': 'x' }, /no name of a header/],
    [{ '@/etc/passwd': 'x' }, /no name of a header/],
    [{ 'a\r\nb': 'x' }, /no name of a header/],
    [{ '': 'x' }, /no name of a header/],
  ])('of another kind may not: %j', (headers, message) => {
    expect(() => checkHeaders(headers as unknown as Record<string, string>)).toThrow(message);
    expect(() => checkHeaders(headers as unknown as Record<string, string>)).toThrow(ProbeError);
  });
});
