/** An error at start, as sentences for the person who starts: what is wrong, and the next step. */
import { ConfigError } from '../config/errors.ts';
import { ClusterError } from '../ports.ts';
import { SlackStartError } from '../slack/identity.ts';
import { TemplateError } from '../template/error.ts';

export function remedies(error: unknown): string[] {
  if (error instanceof ConfigError) return error.problems;
  if (error instanceof TemplateError) return error.message.split('\n');
  if (error instanceof SlackStartError) return [error.message];
  if (error instanceof ClusterError) {
    const told = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
    if (error.kind === 'invalid') return [told];
    return [`${told} Check that the cluster answers: kubectl get namespaces, with the same kubeconfig and context.`];
  }
  const message = error instanceof Error ? error.message : String(error);
  return [`${message} (a fault of meshbot: with LOG_LEVEL=debug it shows where)`];
}
