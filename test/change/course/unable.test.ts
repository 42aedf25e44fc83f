/** A change in the mesh whose next write, or whose way back, cannot be done now: said, tried again, and taken over by nobody. */
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../src/change/phases.ts';
import { refusal } from '../../../src/kubernetes/errors.ts';
import { Town } from '../world/town.ts';
import { BAD, BEFORE, begun, GOOD, step } from './begun.ts';
import { Lab } from './lab.ts';

const SUBJECT = 'VirtualService default/reviews';
const answered = (code: number, message: string) => refusal(SUBJECT, code, { kind: 'Status', code, message });
const CALL = 'Post "https://istiod.istio-system.svc:443/validate": no endpoints available for service "istiod"';
const AWAY = () => answered(500, `failed calling webhook "rev.validation.istio.io": failed to call webhook: ${CALL}`);
const RIGHT = 'cannot patch resource "virtualservices" in API group "networking.istio.io" in the namespace "default"';
const FORBIDDEN = () => answered(403, `reviews is forbidden: User "meshbot" ${RIGHT}`);
const EXPIRED = () => answered(401, 'Unauthorized');

/** Of two replicas, the first holds it. Its second step, or its way back, is due a moment after. */
async function held(): Promise<Lab> {
  const lab = await begun();
  lab.start();
  await lab.pass(60);
  return lab;
}

const term = (lab: Lab) => lab.status().claim?.term;

describe('the next step', () => {
  it('waits for a webhook that is away, says so, stays with its replica, and is taken when it is back', async () => {
    const lab = await held();
    const before = term(lab);
    lab.onWrite = () => {
      throw AWAY();
    };
    await lab.pass(4 * 60);
    expect(step(lab)).toBe(0);
    expect(lab.shown()).toContain('Step 2 of 4 (25 %) is not written yet');
    expect(lab.shown()).toContain('rev.validation.istio.io of istiod in istio-system does not answer');
    expect(lab.shown()).toContain('Look at istiod: kubectl -n istio-system get pods -l app=istiod. It is tried again');
    expect(term(lab)).toBe(before);
    lab.onWrite = () => undefined;
    await lab.until(() => step(lab) === 1, 30);
    await lab.pass(5);
    expect(lab.status().message).toBeUndefined();
    expect(lab.shown()).not.toContain('not written yet');
  });

  it('says no more that it waits once it is paused', async () => {
    const lab = await held();
    lab.onWrite = () => {
      throw AWAY();
    };
    await lab.until(() => lab.shown().includes('is not written yet'), 120);
    await lab.click('pause', 'UBEN');
    await lab.until(() => lab.shown().includes('Paused') && !lab.shown().includes('not written yet'), 30);
  });

  it('is not given up for credentials that expired a moment ago', async () => {
    const lab = new Lab();
    lab.metrics = GOOD;
    let refusals = 2;
    lab.onWrite = () => {
      if (refusals-- > 0) throw EXPIRED();
      return undefined;
    };
    await lab.begin('shift reviews v3 5,25 --every 2m --gate errors<1%');
    expect(lab.phase()).toBe('Progressing');
    refusals = 2;
    await lab.until(() => step(lab) === 1, 300);
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
  });
});

describe('the way back', () => {
  it.each([
    ['a right that is missing', FORBIDDEN, [RIGHT.replaceAll('"', '\\"'), 'kubectl apply -k deploy']],
    ['a webhook that is away', AWAY, ['of istiod in istio-system does not answer', 'Look at istiod']],
  ])('is no end for %s: the card says what is missing, and it goes back when it can', async (_, error, says) => {
    const lab = await held();
    const before = term(lab);
    lab.onWrite = () => {
      throw error();
    };
    lab.metrics = BAD;
    await lab.pass(5 * 60);
    expect(lab.phase()).toBe('Reverting');
    expect(lab.weights()).toEqual({ v1: 95, v3: 5 });
    expect(term(lab)).toBe(before);
    for (const each of ['broke its gate: errors 20 %', 'Not taken back yet', ...says, 'It is tried again by itself.']) {
      expect(JSON.stringify(JSON.parse(lab.shown()))).toContain(each);
    }
    lab.onWrite = () => undefined;
    await lab.until(() => lab.phase() === 'Reverted', 30);
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.status().message).toMatch(/^Step 1 of 4 \(5 %\) broke its gate/);
    expect(lab.status().message).not.toContain('yet');
  });

  it('that meshbot has no right to is over when somebody has gone it by hand', async () => {
    const lab = await held();
    const { spec } = lab.status().plan!.writes[0]!.before!;
    lab.onWrite = () => {
      throw FORBIDDEN();
    };
    lab.metrics = BAD;
    await lab.until(() => lab.shown().includes('Not taken back yet'), 60);
    lab.edit(object => ({ ...object, spec: spec!, metadata: { ...object.metadata, annotations: {} } }));
    await lab.until(() => lab.phase() === 'Reverted', 30);
  });

  it('outlives credentials that are not accepted for a while', async () => {
    const lab = await held();
    let refusals = 3;
    lab.onWrite = () => {
      if (refusals-- > 0) throw EXPIRED();
      return undefined;
    };
    lab.metrics = BAD;
    await lab.until(() => lab.phase() === 'Reverted', 120);
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('of a change whose second object is refused waits for its right too', async () => {
    const town = new Town(31);
    town.start(1);
    town.ask('set-a', { services: 'a,b', v3: 50 });
    await town.until(() => town.slack.withButton('approve').length > 0);
    await town.pass(1);
    const before = town.api.objects.get('VirtualService/default/a');
    let refused = false;
    town.api.webhook = (write, dryRun) => {
      if (dryRun) return undefined;
      if (refused) throw FORBIDDEN();
      refused = write.ref.name === 'b';
      return refused ? 'denied' : undefined;
    };
    town.click('approve', 'UBEN', 'set-a', town.card('set-a')!);
    await town.pass(90);
    expect(town.phase('set-a')).toBe('Applying');
    expect(JSON.stringify(town.card('set-a')!.view)).toContain('kubectl apply -k deploy');
    town.api.webhook = undefined;
    await town.until(() => town.phase('set-a') === 'Failed', 30);
    expect(town.api.objects.get('VirtualService/default/a')?.spec).toEqual(before?.spec);
    expect(statusOf(town.change('set-a')).written).toEqual([]);
  });
});
