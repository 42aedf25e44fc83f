/** A shift by steps in the browser: what is approved, how it goes, how it is held up, and how it goes back. */
import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';

const LINE = '/mesh shift reviews v3 20,60,100 --every 6s --gate errors<5% --gate p95<1.5s';
const TITLE = 'Send 20, 60, 100 % of reviews to v3';

const stage = setStage({ replicas: 2, load: 20 });

const card = () => stage.slack.message(/Send [\d, ]+\s% of reviews to v3/);

/** Weights of the route of reviews that takes all other requests. */
function weights(): Record<string, number> {
  const all = stage.world.cluster.kubernetes.list('VirtualService', 'default');
  const { spec } = all.find(({ metadata }) => metadata.name === 'reviews') as unknown as {
    spec: { http: { route: { destination: { subset: string }; weight?: number }[] }[] };
  };
  const routes = spec.http.at(-1)?.route ?? [];
  return Object.fromEntries(routes.map(({ destination, weight = 100 }) => [destination.subset, weight]));
}

/** ratings takes two seconds for each answer, which only v2 and v3 of reviews wait for. */
function slowRatings(slow: boolean): void {
  const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' };
  const metadata = { name: 'ratings', namespace: 'default' };
  const fault = { delay: { fixedDelay: '2s', percentage: { value: 100 } } };
  const http = [{ ...(slow && { fault }), route: [{ destination: { host: 'ratings' } }] }];
  stage.world.cluster.kubernetes.apply({ ...ref, metadata, spec: { hosts: ['ratings'], http } });
}

async function approved(): Promise<void> {
  await stage.slack.approve(card(), 'Sam Okafor');
  await card().getByRole('button', { name: 'Pause' }).waitFor();
}

describe('a shift by steps, in the browser', { timeout: 600_000 }, () => {
  it('shows what is to be approved: each step, its time and its gates', async () => {
    await stage.slack.propose(LINE, TITLE);
    const text = await stage.slack.read(card());
    for (const said of ['20 % to v3', '60 % to v3', '100 % to v3', 'held for 6 s', 'p95 below 1.5 s'])
      expect(text).toContain(said);
    await stage.slack.shot('steps-1-card');
  });

  it('is held in its first step while somebody pauses it, with its measures as they come', async () => {
    await approved();
    await card().getByRole('button', { name: 'Pause' }).click();
    await card().getByText('Paused').waitFor();
    expect(weights()).toEqual({ v1: 80, v3: 20 });
    await card()
      .getByRole('figure', { name: /Errors of v3/ })
      .waitFor({ timeout: 180_000 });
    await stage.slack.shot('steps-2-paused');
    await card().getByRole('button', { name: 'Resume' }).click();
    await card().getByText('In step 2 of 3').waitFor();
    expect(weights()).toEqual({ v1: 40, v3: 60 });
    // Where it stays however slow the machine is; its gates are watched all the same.
    await card().getByRole('button', { name: 'Pause' }).click();
    await card().getByText('Paused').waitFor();
    await stage.slack.shot('steps-3-second');
  });

  it('goes back at once when a gate breaks, and says which', async () => {
    slowRatings(true);
    await card()
      .getByText(/Back to what was before\./)
      .waitFor({ timeout: 180_000 });
    expect(weights()).toEqual({ v1: 100 });
    expect(await stage.slack.read(card())).toMatch(/broke its gate: .*p95 [\d.]+ m?s \(must be below 1.5 s\)/);
    const thread = await stage.slack.thread(card());
    await thread.getByText('Gone back').waitFor();
    await stage.slack.shot('steps-4-back');
    slowRatings(false);
  });

  it('is aborted with one click, by whoever asked', async () => {
    await stage.slack.propose(LINE, TITLE);
    await approved();
    await stage.slack.become('Riko Tanaka');
    await card().getByRole('button', { name: 'Abort' }).click();
    await card()
      .getByText(/Back to what was before\./)
      .waitFor();
    expect(weights()).toEqual({ v1: 100 });
    await stage.slack.shot('steps-5-aborted');
  });

  it('goes to its end, where it is proven', async () => {
    await stage.slack.propose(
      '/mesh shift reviews v3 30,100 --every 5s --gate errors<50%',
      'Send 30, 100 % of reviews to v3',
    );
    await approved();
    await card().getByText('Done and proven').waitFor({ timeout: 300_000 });
    expect(weights()).toEqual({ v1: 0, v3: 100 });
    await stage.slack.shot('steps-6-done');
  });
});
