/**
 * What the local Slack's page and its server say to each other. The page is one person at one window; the server holds
 * all state. GET /page/events (Server-Sent Events, `?user=U…`) sends `PageEvent`s, the first always a `state`.
 * Everything else is a POST of one `PageAction` to /page/action, answered with `PageReply`.
 */
import type { JsonObject } from '../../object.ts';

export interface PageUser {
  id: string;
  name: string;
  realName: string;
  title: string;
  /** CSS colour of the avatar. */
  color: string;
  isBot: boolean;
  isGuest: boolean;
  team: string;
}

export interface PageChannel {
  id: string;
  name: string;
  topic: string;
  /** 'im': direct messages between this person and the app. */
  kind: 'channel' | 'private' | 'im';
  members: string[];
  archived: boolean;
}

export interface PageFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  /** On this server. */
  url: string;
  /** First lines, for text. */
  preview?: string;
  altText?: string;
}

export interface PageMessage {
  channel: string;
  ts: string;
  threadTs?: string;
  user: string;
  text: string;
  blocks?: JsonObject[];
  /** Legacy attachments, as the app sent them. */
  attachments?: JsonObject[];
  reactions?: { name: string; users: string[] }[];
  files?: PageFile[];
  edited?: boolean;
  deleted?: boolean;
  /** Only this person sees it. */
  ephemeralTo?: string;
  replyCount?: number;
  replyUsers?: string[];
  latestReply?: string;
}

export interface PageModal {
  viewId: string;
  hash: string;
  view: JsonObject;
}

export interface PageCommand {
  command: string;
  description: string;
  usageHint: string;
  /** Mentions in its text come with their ids, as the manifest asks for by should_escape. */
  escapes?: boolean;
}

export type PageEvent =
  | {
      type: 'state';
      /** What the workspace is called. */
      workspace?: string;
      me: PageUser;
      users: PageUser[];
      groups: { id: string; handle: string; name: string; users: string[] }[];
      channels: PageChannel[];
      /** All messages this person may see, threads included, oldest first. */
      messages: PageMessage[];
      commands: PageCommand[];
      app: { id: string; name: string; botUser: string; connected: boolean };
      home?: JsonObject;
      modals: PageModal[];
    }
  /** New or changed message; the same channel and ts replaces. */
  | { type: 'message'; message: PageMessage }
  | { type: 'modal'; modal: PageModal }
  | { type: 'modal-closed'; viewId: string }
  | { type: 'home'; view: JsonObject }
  /** Errors of the last modal submission, by block_id. */
  | { type: 'modal-errors'; viewId: string; errors: Record<string, string> }
  | { type: 'connected'; connected: boolean };

export type PageAction =
  /** What was typed into a message box. A line that begins with `/` is a slash command. */
  | { type: 'say'; user: string; channel: string; threadTs?: string; text: string }
  /** A button, menu or input of a message, modal or Home. `action` is the Block Kit element's own action object. */
  | {
      type: 'act';
      user: string;
      /** Where the element is. */
      container:
        | { type: 'message'; channel: string; ts: string; threadTs?: string; ephemeral?: boolean }
        | { type: 'view'; viewId: string };
      action: JsonObject;
      /** Values of all inputs there: block_id → action_id → element state. */
      state: JsonObject;
    }
  | { type: 'submit'; user: string; viewId: string; state: JsonObject }
  | { type: 'close'; user: string; viewId: string }
  | { type: 'open-home'; user: string }
  /** Menu with `external_select`. */
  | {
      type: 'options';
      user: string;
      container: { type: 'message'; channel: string; ts: string } | { type: 'view'; viewId: string };
      blockId: string;
      actionId: string;
      value: string;
    }
  | { type: 'react'; user: string; channel: string; ts: string; name: string };

/** `error` is a sentence for the person: the app did not answer in 3 s, the command is not known, … */
export type PageReply = { ok: true; options?: JsonObject[] } | { ok: false; error: string };
