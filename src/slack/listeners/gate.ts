/** Whether a payload is for this app and from its workspace. What is not is dropped with a line in the log. */
import type { Identity } from '../identity.ts';

/** The fields that say so, of any payload. A slash command has only the team of who typed it: the core judges that. */
interface Payload {
  api_app_id?: unknown;
  team_id?: unknown;
  team?: unknown;
  event?: unknown;
  command?: unknown;
  authorizations?: unknown;
}

/** Why it is not; undefined when it may go on. */
export function whyForeign(payload: Payload, identity: Identity, teams: string[]): string | undefined {
  if (identity.app !== undefined && payload.api_app_id !== identity.app) return 'it is for another app';
  if (payload.command !== undefined) return undefined;
  const team = installedIn(payload);
  if (team !== undefined && team !== identity.team && !teams.includes(team)) return 'it is of another workspace';
  return undefined;
}

/** Where the app that it is meant for is installed. Organisation-wide installations have no team. */
function installedIn(payload: Payload): string | undefined {
  if (payload.event !== undefined) {
    const [first] = Array.isArray(payload.authorizations) ? (payload.authorizations as unknown[]) : [];
    return textOf(first, 'team_id') ?? textOf(payload, 'team_id');
  }
  return textOf(payload.team, 'id');
}

function textOf(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** An id that buttons may carry: what else comes was made up. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/.test(value);
}
