/** Signs in to Slack and asks the cluster for rights, side by side, so that everything missing is told at once. */
import { ConfigError } from '../config/errors.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import { type Lacking, lacking, type Needs } from '../kubernetes/rights.ts';
import type { Log } from '../ports.ts';
import { createSlack, type SlackConnection, type SlackOptions } from '../slack/slack.ts';
import { remedies } from './remedies.ts';

/** Throws ConfigError with everything without which meshbot would be of no use; the rest is logged. */
export async function connectBoth(
  slack: SlackOptions,
  client: KubeClient,
  needs: Needs,
  log: Log,
): Promise<SlackConnection> {
  const [signedIn, rights] = await Promise.allSettled([createSlack(slack), lacking(client, needs)]);
  const problems = [
    ...(signedIn.status === 'rejected' ? remedies(signedIn.reason) : scopesOf(signedIn.value)),
    ...(rights.status === 'rejected'
      ? remedies(rights.reason)
      : rights.value.filter(each => each.needed).map(sentence)),
  ];
  if (problems.length > 0 || signedIn.status === 'rejected') throw new ConfigError(problems);
  for (const { message, remedy } of rights.status === 'fulfilled' ? rights.value.filter(each => !each.needed) : []) {
    log.warn({ remedy }, message);
  }
  return signedIn.value;
}

function scopesOf(slack: SlackConnection): string[] {
  return slack.missingScopes().map(({ scope, for: use, remedy }) => {
    return sentence({ message: `The Slack app lacks the scope ${scope} (for ${use}).`, remedy });
  });
}

function sentence({ message, remedy }: Pick<Lacking, 'message' | 'remedy'>): string {
  return `${message} Remedy: ${remedy}.`;
}
