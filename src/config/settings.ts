/** meshbot.yaml, read and checked whole, so that every mistake in it is told at once and with its place. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadAll, YAMLException } from 'js-yaml';
import type { Policy } from '../change/policy.ts';
import { fullHost } from '../istio/hosts.ts';
import type { ProbeSource } from '../ports.ts';
import { ConfigError } from './errors.ts';
import { type Settings, schema } from './schema.ts';

export interface Configuration {
  policy: Policy;
  command: string;
  cluster: Settings['cluster'];
  gateway: string | undefined;
  telemetry: Settings['telemetry'];
  /** By fully qualified host. */
  probes: Record<string, { from: ProbeSource; url: string }>;
  templates: string[];
  /** Where people look further. */
  links: Settings['links'];
}

/** Throws ConfigError with one line per mistake. Relative template folders are relative to the file. */
export function readSettings(file: string): Configuration {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError([`${file} cannot be read. Copy deploy/meshbot.example.yaml and name your approvers in it.`], {
      cause,
    });
  }
  return parseSettings(text, file);
}

export function parseSettings(text: string, file: string): Configuration {
  let document: unknown;
  try {
    // An empty file is a mistake of content, not of YAML: it is told like any other missing key.
    document = loadAll(text)[0];
  } catch (cause) {
    const place =
      cause instanceof YAMLException && cause.mark ? `:${cause.mark.line + 1}:${cause.mark.column + 1}` : '';
    const reason = cause instanceof YAMLException ? cause.reason : 'not YAML';
    throw new ConfigError([`${file}${place}: ${reason}`], { cause });
  }
  // With the input, since what is missing is told otherwise than what is wrong.
  const checked = schema.safeParse(document ?? {}, { reportInput: true });
  if (!checked.success) throw new ConfigError(checked.error.issues.flatMap(issue => explain(issue, file)));
  return configurationOf(checked.data, file);
}

function configurationOf(settings: Settings, file: string): Configuration {
  return {
    policy: {
      teams: settings.slack.teams,
      rules: settings.approvals.map(rule => ({
        ...(rule.namespaces ? { namespaces: rule.namespaces } : {}),
        ...(rule.risks ? { risks: rule.risks } : {}),
        ask: rule.ask,
        approve: rule.approve,
        approvals: rule.approvals,
        own: rule.own,
        expires: rule.within,
      })),
      ...(settings.freeze.override && {
        override: { who: settings.freeze.override, approvals: settings.freeze.approvals },
      }),
    },
    command: settings.slack.command,
    cluster: settings.cluster,
    gateway: settings.gateway.address,
    telemetry: settings.telemetry,
    probes: Object.fromEntries(
      Object.entries(settings.probes).map(([service, probe]) => [hostOf(service, settings.cluster.services), probe]),
    ),
    templates: settings.templates.map(folder => resolve(dirname(file), folder)),
    links: settings.links,
  };
}

/** `reviews` and `reviews.shop` as people write services in chat; longer names are taken as hosts. */
function hostOf(service: string, namespace: string): string {
  const [name, of, ...rest] = service.split('.');
  return of !== undefined && rest.length === 0 ? fullHost(name!, of) : fullHost(service, namespace);
}

type Issue = NonNullable<ReturnType<typeof schema.safeParse>['error']>['issues'][number];

function explain(issue: Issue, file: string): string[] {
  const at = issue.path
    .map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      key => `${file}: \`${at ? `${at}.` : ''}${key}\` is not a setting. Remove it, or correct its name.`,
    );
  }
  const place = `${file}: \`${at || 'the file'}\``;
  if (issue.code === 'invalid_type') {
    const found = issue.input === undefined ? 'is missing' : `is ${kindOf(issue.input)}`;
    return [`${place} ${found}: it must be ${NAMES[issue.expected] ?? issue.expected}.`];
  }
  return [`${place} ${issue.message}.`];
}

/** What people call the types of YAML. */
const NAMES: Record<string, string> = {
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return NAMES[typeof value] ?? typeof value;
}
