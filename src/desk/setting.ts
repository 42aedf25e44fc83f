/** Carries out a setting, before it is acknowledged: what it changes is stored by then, or the person is told why not. */
import { standingOf } from '../change/asking.ts';
import { mayAsk, mayOverride, possibleRules } from '../change/authority.ts';
import { policyUnder } from '../change/freezing.ts';
import { whoIs } from '../change/phrases.ts';
import type { Policy } from '../change/policy.ts';
import { type QueryContext, type SettingCommand, type SettingOutcome, valuesOf } from '../command.ts';
import type { JsonObject } from '../object.ts';
import type { Asked } from '../ports.ts';
import type { Phrase } from '../view.ts';
import { mayReadSoon } from './doorkeeper.ts';
import type { DeskParts } from './parts.ts';

/** `context` is what its questions may use. Throws ClusterError where nothing could be stored. */
export async function carryOut(
  parts: DeskParts,
  command: SettingCommand,
  values: JsonObject,
  { asked, name, context }: { asked: Asked; name: string; context: Omit<QueryContext, 'progress'> },
): Promise<SettingOutcome> {
  const refused = await mayReadSoon(parts, asked.asker);
  if (refused !== undefined) return { kind: 'refused', says: refused };
  return command.set(valuesOf(values), {
    ...context,
    name,
    schedules: parts.schedules,
    freezes: parts.freezes,
    place: asked.place,
    channels: asked.channels ?? {},
    zone: async () => (await parts.chat.person(asked.asker.user).catch(() => undefined))?.tz,
    override: overrideInWords(parts.policy()),
    async mayNotOverride() {
      const { override } = parts.policy();
      if (!override) return undefined;
      const { rules } = policyUnder(parts.policy(), true);
      const standing = await standingOf(parts, asked.asker.user, { rules, right: 'approve', patient: false });
      return mayOverride(override.who, standing);
    },
    async refusal(about) {
      const rules = possibleRules(parts.policy(), about);
      const standing = await standingOf(parts, asked.asker.user, { rules, right: 'ask', patient: false });
      return mayAsk(parts.policy(), about, standing);
    },
  });
}

function overrideInWords({ override }: Policy): Phrase | undefined {
  if (!override) return undefined;
  const { who, approvals } = override;
  return approvals === 1 ? whoIs(who) : [`${approvals} of `, ...whoIs(who)];
}
