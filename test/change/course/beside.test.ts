/** What controllers and people keep beside the spec is in the way of no way back. */
import { describe, expect, it } from 'vitest';
import { refOf } from '../../../src/object.ts';
import { ClusterError } from '../../../src/ports.ts';
import { BEFORE, begun } from './begun.ts';
import { Lab } from './lab.ts';

async function opened(touch: (lab: Lab) => void): Promise<Lab> {
  const lab = new Lab();
  for (const object of [...lab.api.objects.values()]) {
    if (object.kind === 'Gateway') lab.api.put(refOf(object), undefined);
  }
  lab.start();
  await lab.ask('gateway open shop.example.com reviews');
  let writes = 0;
  lab.onWrite = () => {
    if (writes++ !== 1) return undefined;
    touch(lab);
    throw new ClusterError('invalid', 'denied by a webhook');
  };
  await lab.click('approve', 'UBEN');
  await lab.until(() => lab.phase() === 'Failed', 60);
  return lab;
}

const first = (lab: Lab) => {
  const { ref } = lab.status().plan!.writes[0]!;
  return lab.api.objects.get(`${ref.kind}/${ref.namespace}/${ref.name}`);
};

describe('an object that is to go back', () => {
  it('goes though a controller wrote its status since', async () => {
    const lab = await opened(at => {
      const object = first(at)!;
      at.api.put(refOf(object), { ...object, status: { conditions: [{ type: 'Reconciled' }] } });
    });
    expect(lab.status().message).toContain('what was written before it was taken back');
    expect(first(lab)).toBeUndefined();
    expect(lab.status().written).toEqual([]);
  });

  it('stays where somebody changed what it says', async () => {
    const lab = await opened(at => {
      const object = first(at)!;
      at.api.put(refOf(object), { ...object, spec: { ...object.spec, selector: { istio: 'other' } } });
    });
    expect(lab.status().message).toContain('could not be taken back (somebody else changed it since)');
    expect(first(lab)?.spec?.selector).toEqual({ istio: 'other' });
  });

  it('is known to be back under somebody’s note, though the answer to that was lost', async () => {
    const lab = await begun();
    await lab.pass(30);
    lab.edit(({ metadata, ...object }) => ({
      ...object,
      metadata: { ...metadata, annotations: { ...metadata.annotations, note: 'hands off' } },
    }));
    await lab.pass(30);
    lab.onWrite = () => 'lost';
    await lab.click('abort', 'UASK');
    await lab.pass(5);
    lab.onWrite = () => undefined;
    await lab.until(() => ['Reverted', 'Failed'].includes(lab.phase()), 60);
    expect(lab.phase()).toBe('Reverted');
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.live()?.metadata.annotations).toEqual({ note: 'hands off' });
  });
});
