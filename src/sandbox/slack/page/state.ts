/** What the page knows, and what can happen to it besides the server's events. */
import type { JsonObject } from '../../../object.ts';
import type { PageChannel, PageCommand, PageEvent, PageMessage, PageModal, PageUser } from '../page-protocol.ts';

type Group = { id: string; handle: string; name: string; users: string[] };

/** A sentence for this person alone that the page itself wrote, drawn over the message box it answers. */
interface Notice {
  id: number;
  channel: string;
  thread?: string;
  text: string;
}

export type Tab = 'messages' | 'home' | 'files';

export interface PageState {
  /** False until the first `state` event. */
  ready: boolean;
  /** Whether the stream of events is open. */
  online: boolean;
  workspace: string;
  me: PageUser;
  users: Record<string, PageUser>;
  /** In the server's order. */
  people: PageUser[];
  groups: Group[];
  channels: PageChannel[];
  /** By channel, oldest first, replies included. */
  messages: Record<string, PageMessage[]>;
  commands: PageCommand[];
  app: { id: string; name: string; botUser: string; connected: boolean };
  home: JsonObject | undefined;
  /** The last one is on top. */
  modals: PageModal[];
  /** By view id, then by block id. */
  modalErrors: Record<string, Record<string, string>>;
  /** Keys (`messageKey`) of ephemeral messages that this person closed. */
  dismissed: Record<string, true>;
  notices: Notice[];
  /** The last ts that was seen, by channel. */
  lastRead: Record<string, string>;
  /** Where the line "New" is drawn, by channel: before the first message after this ts. */
  newAfter: Record<string, string>;
  channel: string;
  thread: string | undefined;
  tab: Tab;
}

type LocalEvent =
  | { type: 'online'; online: boolean }
  | { type: 'open'; channel: string; thread?: string; tab?: Tab }
  | { type: 'close-thread' }
  /** Everything in the channel that is open has been seen. */
  | { type: 'seen' }
  | { type: 'dismiss'; key: string }
  | { type: 'notice'; notice: Notice }
  | { type: 'dismiss-notice'; id: number }
  /** What the page had to say about earlier lines is over once another is sent. */
  | { type: 'clear-notices'; channel: string; thread: string | undefined }
  | { type: 'clear-modal-errors'; viewId: string }
  /** Another person sits down at this window. */
  | { type: 'forget'; lastRead: Record<string, string> };

export type Happening = PageEvent | LocalEvent;

const nobody: PageUser = {
  id: '',
  name: '',
  realName: '',
  title: '',
  color: '#616061',
  isBot: false,
  isGuest: false,
  team: '',
};

export function emptyState(lastRead: Record<string, string>): PageState {
  return {
    ready: false,
    online: false,
    workspace: 'Local Slack',
    me: nobody,
    users: {},
    people: [],
    groups: [],
    channels: [],
    messages: {},
    commands: [],
    app: { id: '', name: '', botUser: '', connected: true },
    home: undefined,
    modals: [],
    modalErrors: {},
    dismissed: {},
    notices: [],
    lastRead,
    newAfter: {},
    channel: '',
    thread: undefined,
    tab: 'messages',
  };
}

/** Names one message on this page. Ephemerals may share a ts with others. */
export function messageKey(message: PageMessage): string {
  return `${message.channel}/${message.ts}${message.ephemeralTo === undefined ? '' : '/ephemeral'}`;
}
