/** `unfreeze reviews`: lifts freezes before their time. */
import { inForce } from '../src/change/freezing.ts';
import { defineSetting, type SettingContext } from '../src/command.ts';
import { ClusterError, type RecordStore } from '../src/ports.ts';
import type { MeshFreeze } from '../src/records/mesh-freeze.ts';
import type { Phrase } from '../src/view.ts';
import { liftedView, targetMeant } from './answers/freezes.ts';
import { done, refused } from './answers/schedules.ts';

const TRIES = 5;

export default defineSetting({
  verb: 'unfreeze',
  summary: 'Lift the freeze of a namespace or a service',
  parameters: {
    what: {
      type: 'words',
      required: true,
      shown: '<service>|namespace <name>|<freeze>',
      about: 'what is frozen, or the freeze by its name',
    },
  },
  examples: [
    { line: 'unfreeze reviews', says: 'every freeze of this very service' },
    { line: 'unfreeze freeze-1a2b3c', says: 'one freeze' },
  ],
  notes: [
    'Who froze it may lift it, and those whom `freeze.override` of meshbot.yaml names. Where it names nobody, whoever may ask for changes there.',
    'A service stays frozen as long as its namespace is.',
  ],
  async set({ what }, context) {
    const { freezes, clock, asker } = context;
    const found = meant(what, inForce(freezes.list(), clock.now()), context);
    if ('mistake' in found) return refused(found.mistake);
    for (const freeze of found.freezes) {
      const forbidden = await mayNotLift(freeze, context);
      if (forbidden !== undefined) return refused(forbidden);
    }
    for (const freeze of found.freezes) await remove(freeze, freezes);
    return done(liftedView(found.freezes, asker.user));
  },
});

function meant(
  what: string,
  current: MeshFreeze[],
  { world, namespace: reader }: SettingContext,
): { freezes: MeshFreeze[] } | { mistake: Phrase } {
  const named = current.filter(({ metadata }) => metadata.name === what.toLowerCase());
  if (named.length > 0) return { freezes: named };
  const see: Phrase = [' See ', { code: 'freeze' }, ' for what is.'];
  if (/^freeze-[0-9a-f]+$/i.test(what)) return { mistake: [{ code: what }, ' is not in force.', ...see] };
  const target = targetMeant(what.split(' '), world, reader);
  if ('mistake' in target) return target;
  const freezes = current.filter(({ spec }) => spec.namespace === target.namespace && spec.host === target.host);
  if (freezes.length > 0) return { freezes };
  const around =
    target.host !== undefined &&
    current.some(({ spec }) => spec.host === undefined && spec.namespace === target.namespace);
  return {
    mistake: around
      ? [
          { code: what },
          ' is frozen with its whole namespace. Write ',
          { code: `unfreeze namespace ${target.namespace}` },
          '.',
        ]
      : [{ code: what }, ' is not frozen.', ...see],
  };
}

async function mayNotLift(
  { spec }: MeshFreeze,
  { asker, refusal, mayNotOverride }: SettingContext,
): Promise<string | undefined> {
  if (spec.by.user === asker.user && spec.by.team === asker.team) return undefined;
  return (await mayNotOverride()) ?? refusal({ namespace: spec.namespace });
}

/** Gone is gone, whoever did it. */
async function remove({ metadata }: MeshFreeze, freezes: RecordStore<MeshFreeze>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const there = await freezes.read(metadata.name);
    if (!there) return;
    try {
      return await freezes.remove(there);
    } catch (error) {
      if (
        !(error instanceof ClusterError) ||
        (error.kind !== 'conflict' && error.kind !== 'not-found') ||
        tries >= TRIES
      )
        throw error;
    }
  }
}
