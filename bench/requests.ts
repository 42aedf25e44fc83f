/** B5: what one change costs the API server: at most one read, one dry run and one write of the object, and no list. */
import type { MeshChange } from '../src/change/meshchange.ts';
import { MESH, RIKO, SAM } from '../src/sandbox/slack/people.ts';
import { startSlack } from '../src/sandbox/slack/server.ts';
import { manifestOf } from '../src/start/manifest.ts';
import { startChild } from './child.ts';
import { OWN, startCrowd } from './crowd.ts';
import type { Outcome } from './figures.ts';

export async function requests(): Promise<Outcome[]> {
  const kubernetes = await startCrowd({ virtualServices: 50, services: 1 });
  const slack = await startSlack(manifestOf());
  try {
    const { apiUrl, botToken, appToken } = slack;
    const bot = await startChild('meshbot', {
      slack: { apiUrl, botToken, appToken },
      kubernetes: kubernetes.url,
      namespace: OWN,
    });
    try {
      kubernetes.requests.clear();
      await slack.as(RIKO).say(MESH.id, '/mesh shift svc-0 v2 50');
      const card = await slack.until(
        () => slack.messages(MESH.id).find(message => JSON.stringify(message.blocks ?? []).includes('"approve"')),
        30_000,
      );
      await slack.as(SAM).click(card, 'approve');
      await slack.until(() => {
        const [change] = kubernetes.list('MeshChange', OWN) as unknown as MeshChange[];
        return change?.status?.written.length === 1;
      }, 30_000);
      const log = kubernetes.requests().filter(request => request.resource === 'virtualservices');
      const count = {
        reads: log.filter(request => request.verb === 'get').length,
        'dry runs': log.filter(request => request.dryRun).length,
        writes: log.filter(request => !request.dryRun && ['create', 'update', 'patch', 'delete'].includes(request.verb))
          .length,
        lists: kubernetes.requests().filter(request => request.verb === 'list').length,
      };
      const { reads, writes, lists, 'dry runs': dryRuns } = count;
      return [
        {
          name: 'B5 requests of one change',
          what: 'the most of any of: reads, dry runs, writes of the object; a list is a failure',
          value: lists > 0 || writes !== 1 ? Number.POSITIVE_INFINITY : Math.max(reads, dryRuns, writes),
          bound: 1,
          figures: Object.fromEntries(Object.entries(count).map(([name, number]) => [name, String(number)])),
        },
      ];
    } finally {
      await bot.stop();
    }
  } finally {
    await slack.close();
    await kubernetes.close();
  }
}
