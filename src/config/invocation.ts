/** How meshbot was started: its options and environment, checked whole. Which half is real is decided here. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from './errors.ts';

export type SlackCredentials =
  | { kind: 'socket'; botToken: string; appToken: string }
  | { kind: 'http'; botToken: string; signingSecret: string; port: number };

export type ClusterAccess = { kind: 'kubeconfig'; file?: string; context?: string } | { kind: 'in-cluster' };

export interface Invocation {
  /** undefined: the local Slack. */
  slack: SlackCredentials | undefined;
  /** undefined: the local Kubernetes API and mesh. */
  cluster: ClusterAccess | undefined;
  /** Path of meshbot.yaml; undefined: the local world's own. */
  config: string | undefined;
  /** Ports on loopback; 0: any that is free. */
  ports: { slack: number; shop: number; kubernetes: number; health: number };
  /** Address that /livez, /readyz and /metrics listen on. */
  healthHost: string;
  logLevel: string;
}

export type Start = { kind: 'run'; invocation: Invocation } | { kind: 'help' } | { kind: 'version' };

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export const HELP = `meshbot: change an Istio mesh from Slack, with approval and proof.

  npm start                                  everything local: a Slack page, a Kubernetes API, the Bookinfo shop
  npm start -- --context my-cluster          the local Slack page, a real cluster
  SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… npm start -- --context my-cluster --config meshbot.yaml

Options
  --slack-port <port>       the local Slack page (3000)
  --shop-port <port>        the shop behind the local mesh's gateway (3080)
  --kubernetes-port <port>  the local Kubernetes API (3443)
  --health-port <port>      /livez, /readyz and /metrics (3090)
  --kubeconfig <file>       use the cluster of this kubeconfig
  --context <name>          use this context of the kubeconfig (KUBECONFIG or ~/.kube/config)
  --config <file>           meshbot.yaml: who may approve, where telemetry is (needed for a real Slack or cluster)
  --log <level>             ${LEVELS.join(', ')} (local: warn, else info)
  --help, --version

Environment
  SLACK_BOT_TOKEN           xoxb-…; with it meshbot talks to the real Slack, and needs one of the next two
  SLACK_APP_TOKEN           xapp-…; Socket Mode, no address of yours is needed
  SLACK_SIGNING_SECRET      for HTTP; listens on PORT (8080)
  MESHBOT_CONFIG            the same as --config
  In a pod, its service account is used unless --kubeconfig or --context is given.
A port of 0 takes any that is free.`;

/** Throws ConfigError naming everything that is wrong. */
export function readInvocation(args: string[], env: Record<string, string | undefined>): Start {
  const problems: string[] = [];
  const options = parseOptions(args, problems);
  if (options.help) return { kind: 'help' };
  if (options.version) return { kind: 'version' };
  const port = (name: string, text: string | undefined, fallback: number) => portOf(name, text, fallback, problems);
  const slack = slackOf(env, problems);
  const cluster = clusterOf(options, env, problems);
  const local = slack === undefined && cluster === undefined;
  const config = options.config ?? env.MESHBOT_CONFIG;
  if (!local && config === undefined && problems.length === 0) {
    problems.push(
      'A real Slack or cluster needs a meshbot.yaml that names who may approve. Copy deploy/meshbot.example.yaml, then start with --config meshbot.yaml.',
    );
  }
  const logLevel = options.log ?? env.LOG_LEVEL ?? (local ? 'warn' : 'info');
  if (!LEVELS.includes(logLevel))
    problems.push(`--log ${logLevel}: there is no such level. Levels are ${LEVELS.join(', ')}.`);
  const ports = {
    slack: port('--slack-port', options['slack-port'], 3000),
    shop: port('--shop-port', options['shop-port'], 3080),
    kubernetes: port('--kubernetes-port', options['kubernetes-port'], 3443),
    health: port('--health-port', options['health-port'], 3090),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  const healthHost = cluster?.kind === 'in-cluster' ? '0.0.0.0' : '127.0.0.1';
  return { kind: 'run', invocation: { slack, cluster, config, ports, healthHost, logLevel } };
}

function parseOptions(args: string[], problems: string[]) {
  const text = { type: 'string' } as const;
  const known = {
    'slack-port': text,
    'shop-port': text,
    'kubernetes-port': text,
    'health-port': text,
    kubeconfig: text,
    context: text,
    config: text,
    log: text,
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options: known, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    problems.push(`${reason}. \`npm start -- --help\` lists the options.`);
    return {};
  }
}

function portOf(name: string, text: string | undefined, fallback: number, problems: string[]): number {
  if (text === undefined) return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  problems.push(`${name} ${text}: a port is a number from 0 to 65535.`);
  return fallback;
}

function slackOf(env: Record<string, string | undefined>, problems: string[]): SlackCredentials | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  if (!botToken) {
    if (appToken || signingSecret) {
      problems.push(
        'SLACK_BOT_TOKEN is missing. Copy the Bot User OAuth Token (xoxb-…) from your app’s "Install App" page.',
      );
    }
    return undefined;
  }
  if (!botToken.startsWith('xoxb-')) problems.push('SLACK_BOT_TOKEN is not a bot token: it should begin with xoxb-.');
  if (appToken) {
    if (!appToken.startsWith('xapp-'))
      problems.push('SLACK_APP_TOKEN is not an app-level token: it should begin with xapp-.');
    return { kind: 'socket', botToken, appToken };
  }
  if (signingSecret) return { kind: 'http', botToken, signingSecret, port: portOf('PORT', env.PORT, 8080, problems) };
  problems.push('SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it.');
  return undefined;
}

function clusterOf(
  options: { kubeconfig?: string | undefined; context?: string | undefined },
  env: Record<string, string | undefined>,
  problems: string[],
): ClusterAccess | undefined {
  const { kubeconfig: file, context } = options;
  if (file !== undefined && !existsSync(file)) problems.push(`--kubeconfig ${file}: there is no such file.`);
  if (file !== undefined || context !== undefined) {
    return {
      kind: 'kubeconfig',
      ...(file === undefined ? {} : { file }),
      ...(context === undefined ? {} : { context }),
    };
  }
  return env.KUBERNETES_SERVICE_HOST ? { kind: 'in-cluster' } : undefined;
}
