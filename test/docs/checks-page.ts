/** docs/checks.md: what is checked, made from the checks themselves, and which rules of Istio no check holds, and why. */
import type { Check, Rule } from '../../src/istio/checks/check.ts';

/** One rule that a change of the mesh must keep, and what holds it. */
interface Kept {
  rule: string;
  /** Codes of findings. */
  by?: string[];
  /** Why no finding of a check holds it, or what else does. */
  why?: string;
}

export const KEPT: Kept[] = [
  {
    rule: 'What is written is what the API server takes, field by field: CRDs drop fields that they do not know, and Istio’s webhook may be away.',
    by: ['api-refused', 'write-mutated'],
    why: 'A dry run of every write with `fieldValidation=Strict`, at planning; the answer is compared with what was sent.',
  },
  {
    rule: 'Weights are integers from 0 that sum to 100.',
    by: ['weight-not-integer', 'weights-sum', 'duplicate-destination'],
  },
  {
    rule: 'A subset exists in the DestinationRule that is in force for each client: its own namespace’s, else the service’s, else the root’s.',
    by: ['subset-missing'],
  },
  { rule: 'A subset selects a Ready pod; a mirror’s too.', by: ['subset-empty'] },
  {
    rule: 'A destination is a Service, at a port that it has; with several ports it names one.',
    by: ['host-missing', 'port-missing', 'port-open'],
  },
  {
    rule: 'A first DestinationRule or VirtualService in a namespace does not shadow its owner’s.',
    by: ['routes-shadowed', 'rule-shadowed'],
  },
  { rule: 'Nothing stands behind a route that takes all of it.', by: ['route-unreachable', 'route-covered'] },
  { rule: 'One VirtualService of the mesh per host.', by: ['duplicate-host'] },
  {
    rule: 'At a gateway VirtualServices of one host are merged; one of them takes what is left.',
    by: ['gateway-catch-all'],
  },
  {
    rule: 'Make before break: the rule before the routes that need it, and the routes away before the rule.',
    by: ['make-before-break'],
  },
  {
    rule: 'Short host names mean a Service in the namespace of the object that says them; names with a dot are whole ones.',
    by: ['host-half-named'],
    why: 'Edits compare hosts fully qualified, and write the name as the object has it; new objects stand beside their service.',
  },
  {
    rule: 'exportTo and the Sidecars of clients let them see what is written.',
    by: ['routes-not-exported', 'routes-out-of-scope', 'subset-missing'],
  },
  {
    rule: 'A gateway’s VirtualService that names the service itself does not go by the mesh’s routes (IST0140).',
    why: 'No fault, but a surprise: the card notes which gateways’ requests do not move, and `status` does.',
  },
  {
    rule: 'A VirtualService of a gateway is bound to a Gateway that is there and serves its host.',
    by: ['gateway-missing', 'gateway-host'],
  },
  { rule: 'A Gateway selects pods, at ports that can be reached.', by: ['gateway-no-pods', 'gateway-port'] },
  {
    rule: 'No two Gateways of the same pods for one port and host, or with one certificate.',
    by: ['gateway-conflict', 'gateway-certificate'],
  },
  {
    rule: 'The Secret of a credentialName is in the namespace of the gateway’s pods (IST0161).',
    why: 'meshbot may not read Secrets, and shall not: the real proof is the request that it sends.',
  },
  {
    rule: '`image: auto` has an injector, the revision is known (IST0146, IST0147).',
    why: 'No verb deploys a gateway.',
  },
  { rule: 'HTTP routes are for ports that speak HTTP.', by: ['protocol-not-http'] },
  { rule: 'A fault makes timeout and retries void.', by: ['fault-voids'] },
  {
    rule: 'A delay is shorter than its caller’s timeout; perTryTimeout × (attempts + 1) fits into the timeout; `attempts: 0` and `timeout: 0s`.',
    why: 'No verb sets a fault, a timeout or retries; what a new route takes over from the one it stands before was so for these requests already.',
  },
  { rule: 'Outlier detection does not eject every pod.', why: 'No verb writes a trafficPolicy.' },
  {
    rule: 'STRICT mTLS, and authorization that denies, come after proof that nobody needs them otherwise.',
    why: 'No verb writes a PeerAuthentication or an AuthorizationPolicy.',
  },
  { rule: 'In ambient mode routes need a waypoint.', by: ['waypoint-missing'] },
  {
    rule: 'Not a VirtualService and an HTTPRoute for the same workload: what then happens is not defined.',
    why: 'HTTPRoutes are not watched, so meshbot cannot tell. Who has some of a service should not give it a VirtualService by meshbot.',
  },
  { rule: 'Nothing else keeps the object.', by: ['foreign-owner'] },
  {
    rule: '`spec.http` is one list: who applies it writes all of it.',
    why: 'A write names the resourceVersion that was planned; anything else is planned again.',
  },
  { rule: 'An Ingress has the right class.', why: 'No verb writes an Ingress.' },
  {
    rule: 'Istio does not tell when proxies have the new configuration.',
    why: 'The proof sends requests until it can tell, and says so when it cannot.',
  },
];

export function checksPage(checks: readonly Check[]): string {
  const rules = checks.flatMap(check => check.rules.map(rule => ({ rule, about: check.about })));
  const lines = [
    '# What is checked before a change is offered',
    '',
    'Each check is a small pure question in `src/istio/checks`, asked of the mesh as it would be after the writes. Only what the change makes new is shown: what was wrong before is not this change’s doing, also where its route has moved. New errors block; warnings are shown to whoever approves, and raise the risk. Nothing is looked at that the writes have nothing to do with.',
    '',
    '*Made from the checks themselves by `npm run docs`; a test holds it to them, and each code has a case that finds it and one that does not (`test/istio/checks/rules.test.ts`).*',
    '',
    '| code | severity | what is wrong | fix | source |',
    '|---|---|---|---|---|',
    ...rules.map(({ rule }) => row(rule)),
    '',
    '## The rules behind them',
    '',
    'What a change of routing must keep to, and what holds it.',
    '',
    '| rule | held by |',
    '|---|---|',
    ...KEPT.map(
      ({ rule, by = [], why }) =>
        `| ${rule} | ${[by.map(code => `\`${code}\``).join(', '), why].filter(Boolean).join('. ')} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function row({ code, severity, what, fix, source }: Rule): string {
  const linked = source.replace(/https:\/\/[^\s;]+/g, '<$&>');
  return `| \`${code}\` | ${severity} | ${what} | ${fix} | ${linked} |`;
}
