/** Which change last switched a Gateway on or off. */
import type { MeshChange } from '../../src/change/meshchange.ts';
import { isSwitchedOff } from '../../src/istio/edit/gateway/switched.ts';
import { refKey } from '../../src/object.ts';

export interface Switch {
  change: string;
  /** Who asked for it. */
  by: string;
  /** Epoch ms. */
  at: number;
  off: boolean;
}

/** Of changes that were written, whatever their verb: an undo switches too. `key`: `Gateway/shop/front`. */
export function lastSwitch(changes: MeshChange[], key: string): Switch | undefined {
  return changes
    .flatMap(({ metadata, spec, status }): Switch[] => {
      const applied = status?.history.findLast(({ phase }) => phase === 'Applied');
      const write = status?.plan?.writes.find(({ ref }) => refKey(ref) === key);
      if (!applied || !write?.after) return [];
      const [was, is] = [write.before !== undefined && isSwitchedOff(write.before), isSwitchedOff(write.after)];
      return was === is ? [] : [{ change: metadata.name, by: spec.requester.user, at: applied.at, off: is }];
    })
    .sort((a, b) => b.at - a.at)[0];
}
