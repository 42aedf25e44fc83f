/** A cluster that writes something else than was planned: whoever approves must know. */
import { expect, it } from 'vitest';
import { statusOf } from '../../src/change/phases.ts';
import { Town } from '../change/world/town.ts';

it('a webhook that changes what is written is told before it is approved, and approving is still possible', async () => {
  const town = new Town(40);
  town.api.mutate = object => ({ ...object, spec: { ...object.spec, exportTo: ['*'] } });
  town.start(1);
  town.ask('shift-1', { services: 'a', v3: 50 });
  await town.until(() => town.slack.withButton('approve').length > 0);
  await town.pass(1);
  expect(statusOf(town.change('shift-1')).plan?.findings).toMatchObject([
    { code: 'write-mutated', severity: 'warning' },
  ]);
  const [button] = town.slack.withButton('approve');
  town.click('approve', 'UBEN', button!.value, button!.message);
  await town.until(() => town.allEnded());
  expect(statusOf(town.change('shift-1')).plan?.revision).toBe(1);
  expect(town.api.commits).toHaveLength(1);
});
