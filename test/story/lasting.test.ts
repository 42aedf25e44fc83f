/** A change with a time limit in the browser: it says when it goes back, is kept, taken back early, or goes by itself. */
import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';

const stage = setStage({ replicas: 2, load: 2 });

const routes = () =>
  JSON.stringify(stage.world.cluster.kubernetes.list('VirtualService', 'default').map(({ spec }) => spec));

/** Asked for by Riko and approved by Sam. */
async function lasting(line: string, title: string) {
  const card = await stage.slack.propose(line, title);
  await stage.slack.approve(card, 'Sam Okafor');
  return card;
}

describe('a change with a time limit, in the browser', { timeout: 600_000 }, () => {
  it('stays for its time, and is taken back before that with one click', async () => {
    const before = routes();
    const card = await lasting('/mesh shift reviews v3 50 --for 30m', 'Send 50 % of reviews to v3, for 30 min');
    await card.getByText('It goes back by itself:').waitFor({ timeout: 180_000 });
    expect(routes()).toContain('"weight":50');
    await stage.slack.shot('lasting-1');
    await stage.slack.become('Riko Tanaka');
    await card.getByRole('button', { name: 'Revert now' }).click();
    await card.getByText(/Back to what was before\./).waitFor();
    expect(routes()).toBe(before);
    await stage.slack.shot('lasting-2-reverted');
  });

  it('goes back by itself, though the replica that wrote it is gone', async () => {
    const before = routes();
    const card = await lasting('/mesh shift reviews v3 50 --for 45s', 'Send 50 % of reviews to v3, for 45 s');
    await expect.poll(routes, { timeout: 180_000 }).toContain('"weight":50');
    await stage.world.bots.shift()?.stop();
    await card.getByText(/Back to what was before\. Its 45\ss are over\./).waitFor({ timeout: 300_000 });
    expect(routes()).toBe(before);
    await stage.slack.shot('lasting-3-over');
  });

  it('is kept by whoever may approve', async () => {
    const card = await lasting('/mesh route reviews v3 --user mina --for 30m', 'for 30 min');
    await card.getByRole('button', { name: 'Keep' }).click({ timeout: 180_000 });
    await card.getByRole('button', { name: 'Undo' }).waitFor();
    expect(routes()).toContain('mina');
    await stage.slack.shot('lasting-4-kept');
  });
});
