/** What may stand in meshbot.yaml. Unknown keys are fatal: a mistyped `aprovals` must not silently mean nobody. */
import { z } from 'zod';
import { isLabel } from '../istio/hosts.ts';

const DURATION = /^(\d+)(s|m|h|d)$/;
const UNIT = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const NONE = 'must name at least one, or be left out';
const COUNT = 'must be a whole number from 1 to 10';

/** '90s', '30m', '8h', '2d' → ms. */
const duration = z
  .string()
  .regex(DURATION, 'must be a number with s, m, h or d behind it, like 30m')
  .transform(text => {
    const [, count, unit] = DURATION.exec(text)!;
    return Number(count) * UNIT[unit as keyof typeof UNIT];
  })
  .refine(ms => ms > 0 && ms <= 730 * UNIT.d, 'must be between 1s and 730d');

const userId = z
  .string()
  .regex(/^[UW][A-Z0-9]{2,}$/, 'must be the id of a Slack user, like U024BE7LH (never a name: names can be changed)');
const groupId = z.string().regex(/^S[A-Z0-9]{2,}$/, 'must be the id of a Slack user group, like S0614TZR7');
const namespace = z.string().refine(isLabel, 'must be a namespace: lower-case letters, digits and dashes');
const namespaceGlob = z.string().regex(/^[-a-z0-9*]+$/, 'must be a namespace, with * as a wildcard');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

const who = z
  .strictObject({
    users: z.array(userId).default([]),
    groups: z.array(groupId).default([]),
    everyone: z.boolean().default(false),
  })
  .refine(
    value => value.everyone || value.users.length > 0 || value.groups.length > 0,
    'names nobody: list users or groups, or say everyone: true',
  );

const rule = z.strictObject({
  namespaces: z.array(namespaceGlob).min(1, NONE).optional(),
  risks: z
    .array(z.enum(['low', 'medium', 'high'], 'must be low, medium or high'))
    .min(1, NONE)
    .optional(),
  ask: who,
  approve: who,
  approvals: z.int().min(1, COUNT).max(10, COUNT).default(1),
  own: z.boolean().default(false),
  within: duration.default(3_600_000),
});

const probe = z.strictObject({
  url: httpUrl,
  from: z
    .union(
      [
        z.literal('gateway').transform(() => ({ kind: 'gateway' as const })),
        z.strictObject({ pod: z.string(), namespace, container: z.string().optional() }).transform(from => ({
          kind: 'pod' as const,
          namespace: from.namespace,
          pod: from.pod,
          ...(from.container === undefined ? {} : { container: from.container }),
        })),
      ],
      'must be gateway, or { pod: …, namespace: … }',
    )
    .default({ kind: 'gateway' }),
});

const telemetry = z
  .strictObject({
    /** One of these three: where traces are. */
    zipkin: httpUrl.optional(),
    jaeger: httpUrl.optional(),
    tempo: httpUrl.optional(),
    /** Prometheus, or Thanos or Mimir; a path is kept. */
    prometheus: httpUrl.optional(),
    /** Sent to Tempo and Prometheus as X-Scope-OrgID. */
    tenant: z
      .string()
      .regex(/^[A-Za-z0-9!_.*'()|-]{1,150}$/, "must be a tenant of Mimir or Tempo: letters, digits and !-_.*'()")
      .optional(),
    /** Where people look at a trace; {traceId} is put in. */
    traceLink: z.string().includes('{traceId}', { error: 'must hold {traceId}, in the place of the id' }).optional(),
  })
  .refine(
    ({ zipkin, jaeger, tempo }) => [zipkin, jaeger, tempo].filter(url => url !== undefined).length <= 1,
    'names more than one tracer: keep one of zipkin, jaeger and tempo',
  );

export const schema = z.strictObject({
  approvals: z.array(rule).min(1, 'needs at least one rule: without approvers nothing could ever be written'),
  /** Who may have changes made under a freeze, and lift freezes of others. */
  freeze: z
    .strictObject({
      override: who.optional(),
      approvals: z.int().min(1, COUNT).max(10, COUNT).default(1),
    })
    .prefault({}),
  slack: z
    .strictObject({
      command: z
        .string()
        .regex(/^\/[a-z0-9_-]{1,31}$/, 'must be a slash command, like /mesh')
        .default('/mesh'),
      teams: z
        .array(z.string().regex(/^[TE][A-Z0-9]{2,}$/, 'must be the id of a Slack team, like T0123456789'))
        .default([]),
    })
    .prefault({}),
  cluster: z
    .strictObject({
      /** Where the MeshChanges are kept. */
      namespace: namespace.default('meshbot'),
      /** Namespaces to watch; absent: all of them (needs cluster-wide read rights). */
      watch: z.array(namespace).min(1, NONE).optional(),
      /** Where a service without a namespace is meant to be. */
      services: namespace.default('default'),
      /** Istio's root namespace. */
      root: namespace.default('istio-system'),
      /** How long changes that have ended are kept. */
      keep: duration.default(90 * UNIT.d),
    })
    .prefault({}),
  gateway: z.strictObject({ address: httpUrl.optional() }).prefault({}),
  telemetry: telemetry.prefault({}),
  /** Where people look further, for their browsers. */
  links: z
    .strictObject({
      kiali: httpUrl.optional(),
      grafana: httpUrl.optional(),
      jaeger: httpUrl.optional(),
      zipkin: httpUrl.optional(),
      prometheus: httpUrl.optional(),
    })
    .prefault({}),
  /** By service: a request that is known to reach it. */
  probes: z.record(z.string(), probe).default({}),
  /** Folders of templates, laid over meshbot's own. */
  templates: z.array(z.string()).default([]),
});

export type Settings = z.output<typeof schema>;
