/** Which permission each thing that meshbot does in Slack needs (docs.slack.dev/reference/methods and /events). */

interface ScopeNeed {
  scope: string;
  /** What does not work without it. */
  for: string;
}

/** The Web API methods that `src/slack` calls. A test finds the calls and holds this table to them. */
export const METHOD_SCOPES: Record<string, string[]> = {
  'auth.test': [],
  'bots.info': ['users:read'],
  'chat.getPermalink': [],
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  filesUploadV2: ['files:write'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
};

/** Events that the listeners take. */
export const EVENT_SCOPES: Record<string, string[]> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  'message.im': ['im:history'],
};

/** What each scope is for, in the words of the start-up message. */
const PURPOSES: ScopeNeed[] = [
  { scope: 'commands', for: 'the slash command' },
  { scope: 'chat:write', for: 'cards, receipts and answers' },
  { scope: 'app_mentions:read', for: '@meshbot in threads' },
  { scope: 'im:history', for: 'direct messages to meshbot' },
  { scope: 'channels:history', for: 'finding a card again after Slack did not answer' },
  { scope: 'groups:history', for: 'finding a card again in private channels' },
  { scope: 'users:read', for: 'knowing guests and bots from members' },
  { scope: 'usergroups:read', for: 'approvers that are a user group' },
  { scope: 'files:write', for: 'whole diffs as files' },
];

/**
 * All bot scopes, as manifest.json asks for them. Not chat:write.public: where the bot is no member it could post, but
 * not read, so it could not find a post again whose outcome it does not know.
 */
export const SCOPES: string[] = PURPOSES.map(({ scope }) => scope);

export interface MissingScope extends ScopeNeed {
  remedy: string;
}

/** What the token lacks. `granted` is what Slack says of the token; undefined when it does not say: then nothing is. */
export function missingScopes(granted: string[] | undefined): MissingScope[] {
  if (granted === undefined) return [];
  const remedy = 'add it under OAuth & Permissions of the app (or paste manifest.json again) and reinstall the app';
  return PURPOSES.filter(({ scope }) => !granted.includes(scope)).map(need => ({ ...need, remedy }));
}
