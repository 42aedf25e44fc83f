import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { Disturbed, differences } from './disturbed.ts';

const route = (name: string, uid: string, generation = 1, labels = {}): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'truth-b', uid, generation, labels },
});

describe('a configuration that was asked about', () => {
  it('is as it was, though labels moved', () => {
    expect(differences([route('a', '1')], [route('a', '1', 1, { seen: 'yes' })])).toEqual([]);
  });

  it('is not, where objects are gone, have come, were edited, or stand for others of the same name', () => {
    const before = [route('gone', '1'), route('anew', '2'), route('edited', '3'), route('same', '4')];
    const after = [route('anew', '5'), route('edited', '3', 2), route('same', '4'), route('come', '6')];
    expect(differences(before, after)).toEqual([
      'VirtualService truth-b/gone is gone',
      'VirtualService truth-b/anew is another one of that name',
      'VirtualService truth-b/edited was edited',
      'VirtualService truth-b/come has come',
    ]);
  });

  it('is told in a few words', () => {
    const gone = differences(
      Array.from({ length: 7 }, (_, index) => route(`r${index}`, `${index}`)),
      [],
    );
    expect(new Disturbed(gone).message).toMatch(/r4 is gone; and 2 more\. /);
  });
});
