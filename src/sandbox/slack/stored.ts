/** Messages and views as the local Slack keeps them. */
import type { JsonObject } from '../../object.ts';

export interface StoredView {
  id: string;
  user: string;
  type: 'modal' | 'home';
  /** Changes with each change of the view. */
  hash: string;
  /** As the app gave it, with ids on every block and element. */
  view: JsonObject;
  root: string;
  previous?: string;
}

export interface StoredMessage {
  channel: string;
  ts: string;
  /** `ts` of the thread's first message, on replies only. */
  threadTs?: string;
  user: string;
  text: string;
  blocks?: JsonObject[];
  /** Ids. */
  files?: string[];
  metadata?: JsonObject;
  edited?: { user: string; ts: string };
  deleted?: boolean;
  /** Only this person sees it, and no app can read or change it. */
  ephemeralTo?: string;
  /** By emoji name: who. */
  reactions: Map<string, Set<string>>;
}
