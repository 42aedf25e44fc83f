/** Objects of the watched kinds whose specs are anything at all, with the fields that are read where they hurt. */
import fc from 'fast-check';
import type { KubeObject } from '../../../src/object.ts';

/** Every field that a check reads, so that garbage lands where it hurts. */
const FIELDS = [
  ...['hosts', 'host', 'gateways', 'exportTo', 'http', 'tls', 'tcp', 'match', 'route', 'destination', 'subset', 'port'],
  ...['number', 'weight', 'mirror', 'mirrors', 'delegate', 'name', 'namespace', 'uri', 'prefix', 'exact', 'regex'],
  ...['headers', 'withoutHeaders', 'queryParams', 'sourceLabels', 'sourceNamespace', 'method', 'fault', 'timeout'],
  ...['subsets', 'labels', 'trafficPolicy', 'workloadSelector', 'selector', 'servers', 'egress', 'ports', 'protocol'],
  ...[
    'appProtocol',
    'targetPort',
    'credentialName',
    'mode',
    'resolution',
    'endpoints',
    'type',
    'externalName',
    'toString',
  ],
];
const TEXTS = [
  '',
  '*',
  '.',
  '/',
  '~/*',
  'reviews',
  'reviews.default.svc.cluster.local',
  '*.cluster.local',
  'mesh',
  'a/b',
  'v1',
  '(',
  '.*',
];

const leaf = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.constantFrom(null, true, 0, -1, 100, 1.5, Number.MAX_VALUE),
  fc.string({ maxLength: 5 }),
);
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    {
      weight: 4,
      arbitrary: fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 6, noNullPrototype: true }),
    },
  ),
}));

const texts = fc.dictionary(
  fc.constantFrom('app', 'version', 'istio', 'networking.istio.io/exportTo'),
  fc.constantFrom(...TEXTS),
  {
    noNullPrototype: true,
  },
);

const KINDS = ['VirtualService', 'DestinationRule', 'Gateway', 'Sidecar', 'ServiceEntry', 'Service', 'Pod'];

/** A spec with lists where lists belong, filled with anything; or anything at all. */
const spec = fc.oneof(
  value,
  fc.record({
    hosts: fc.oneof(fc.constant(['reviews']), fc.constant(['*']), value),
    host: fc.oneof(fc.constant('reviews'), value),
    gateways: fc.oneof(fc.constant(['mesh', 'gw']), value),
    http: fc.array(value, { maxLength: 4 }),
    tcp: fc.array(value, { maxLength: 2 }),
    exportTo: value,
    subsets: fc.array(value, { maxLength: 2 }),
    servers: fc.array(value, { maxLength: 3 }),
    selector: value,
    egress: fc.array(value, { maxLength: 2 }),
    trafficPolicy: value,
  }),
);

export const objects: fc.Arbitrary<KubeObject> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    name: fc.constantFrom('reviews', 'gw', 'other'),
    namespace: fc.constantFrom('default', 'istio-system', 'shop'),
    // Of metadata the API server itself sees to it that these are texts.
    labels: fc.option(texts, { nil: undefined }),
    annotations: fc.option(texts, { nil: undefined }),
    spec: fc.option(spec, { nil: undefined }),
  })
  .map(({ kind, name, namespace, labels, annotations, spec: made }) => ({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: {
      name,
      namespace,
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    },
    ...(made !== undefined && { spec: made }),
  })) as unknown as fc.Arbitrary<KubeObject>;
