/** What the app's manifest tells Slack, for the local Slack: its commands, scopes and events. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const manifest = z.object({
  features: z.object({
    slash_commands: z.array(
      z.object({
        command: z.string(),
        description: z.string(),
        usage_hint: z.string().default(''),
        should_escape: z.boolean().default(false),
      }),
    ),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

export function manifestOf(file = new URL('../../manifest.json', import.meta.url)): {
  commands: { command: string; description: string; usageHint: string; escapes: boolean }[];
  scopes: string[];
  listens: string[];
} {
  const { features, oauth_config, settings } = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    commands: features.slash_commands.map(
      ({ command, description, usage_hint: usageHint, should_escape: escapes }) => ({
        command,
        description,
        usageHint,
        escapes,
      }),
    ),
    scopes: oauth_config.scopes.bot,
    listens: settings.event_subscriptions.bot_events,
  };
}
