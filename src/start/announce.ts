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
  lines.push(
    `Type  ${command} shift reviews v3 50  in #mesh${local.slack ? ', then switch to somebody on call and approve it' : ''}.`,
  );
  lines.push('Ctrl-C stops everything.', '');
  return lines.join('\n');
}
