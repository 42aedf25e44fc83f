/** What is printed once everything runs: where to go, and what to type first. */
import type { Surroundings } from './local.ts';

export function announcement({ local, configuration, cluster }: Surroundings, healthUrl: string): string {
  const command = configuration.command;
  const lines: string[] = ['', 'meshbot is ready.', ''];
  if (local.slack) lines.push(`  Slack       ${local.slack.url}`);
  if (local.cluster) lines.push(`  Shop        ${local.cluster.mesh.shopUrl}`);
  if (local.cluster)
    lines.push(`  Kubernetes  kubectl --server ${local.cluster.kubernetes.url} get virtualservices,meshchanges -A`);
  if (!local.cluster && cluster.kind === 'kubeconfig')
    lines.push(`  Cluster     ${cluster.context ?? cluster.path ?? 'the current context'}`);
  lines.push(`  Health      ${healthUrl}/readyz`, '');
  lines.push(firstLine(command, local), 'Ctrl-C stops everything.', '');
  return lines.join('\n');
}

/** A service called `reviews`, and a channel #mesh, are sure to be in the local world only. */
function firstLine(command: string, local: Surroundings['local']): string {
  if (!local.slack) return `In a channel of your Slack:  /invite @meshbot  and then  ${command} help`;
  if (!local.cluster)
    return `Type  ${command}  in #mesh for a form with the services of your cluster. What is approved is written there.`;
  return `Type  ${command} shift reviews v3 50  in #mesh, then switch to somebody on call and approve it.`;
}
