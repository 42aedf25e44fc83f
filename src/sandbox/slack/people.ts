/** Who and what is in the local Slack: its team, people, channels and user group, by ids in Slack's own form. */

export const TEAM = { id: 'TBOOKINFO1', name: 'Bookinfo', domain: 'bookinfo' } as const;
/** The other company of the Slack Connect guest. */
export const PARTNER_TEAM = { id: 'TPARTNER01', name: 'Partner', domain: 'partner' } as const;

export const APP = { id: 'AMESHBOT01', name: 'meshbot', botId: 'BMESHBOT01', botUser: 'UMESHBOT01' } as const;

export interface Member {
  id: string;
  name: string;
  realName: string;
  title: string;
  /** CSS colour of the avatar. */
  color: string;
  team: string;
  isBot: boolean;
  /** From another company, in a shared channel. */
  isStranger: boolean;
  isDeleted: boolean;
}

function member(id: string, name: string, realName: string, title: string, color: string): Member {
  return { id, name, realName, title, color, team: TEAM.id, isBot: false, isStranger: false, isDeleted: false };
}

/** Asks for changes. */
export const RIKO = member('URIKO00001', 'riko', 'Riko Tanaka', 'Reviews team', '#7c3aed');
/** On call. */
export const SAM = member('USAM000001', 'sam', 'Sam Okafor', 'On call', '#0d9488');
/** On call. */
export const MINA = member('UMINA00001', 'mina', 'Mina Sato', 'On call', '#db2777');
/** Neither asks nor approves. */
export const JON = member('UJON000001', 'jon', 'Jon Lindqvist', 'Support', '#ca8a04');
/** From another company. */
export const LENA: Member = {
  ...member('ULENA00001', 'lena', 'Lena Vogt', 'Guest from Partner', '#64748b'),
  team: PARTNER_TEAM.id,
  isStranger: true,
};
/** Has left: nobody can speak as him. */
export const PAUL: Member = {
  ...member('UPAUL00001', 'paul', 'Paul Moreau', 'Left in spring', '#94a3b8'),
  isDeleted: true,
};
export const MESHBOT: Member = { ...member(APP.botUser, 'meshbot', 'meshbot', 'App', '#2563eb'), isBot: true };

export const PEOPLE: readonly Member[] = [RIKO, SAM, MINA, JON, LENA, PAUL, MESHBOT];

export interface Group {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export const ON_CALL: Group = {
  id: 'SONCALL01',
  handle: 'mesh-oncall',
  name: 'Mesh on call',
  users: [SAM.id, MINA.id],
};

export interface Channel {
  id: string;
  name: string;
  topic: string;
  /** 'im': direct messages between one person and the app. */
  kind: 'channel' | 'private' | 'im';
  members: string[];
  archived: boolean;
  /** Shared with the other company (Slack Connect). */
  shared: boolean;
}

const STAFF = [RIKO.id, SAM.id, MINA.id, JON.id];

function channel(id: string, name: string, topic: string, members: string[]): Channel {
  return { id, name, topic, kind: 'channel', members, archived: false, shared: false };
}

/** Where traffic is changed. Shared with the other company. */
export const MESH: Channel = {
  ...channel('CMESH00001', 'mesh', 'Traffic changes', [...STAFF, LENA.id, APP.botUser]),
  shared: true,
};
export const SHOP = channel('CSHOP00001', 'shop', 'The Bookinfo shop', [...STAFF, APP.botUser]);
export const INCIDENTS = channel('CINCIDENT1', 'incidents', 'What is burning', [...STAFF, APP.botUser]);
/** Public, but meshbot is not in it. */
export const RANDOM = channel('CRANDOM001', 'random', 'Everything else', [...STAFF]);
/** Private, and meshbot is in it. */
export const RELEASES: Channel = {
  ...channel('CRELEASES1', 'releases', 'Plans for the next release', [RIKO.id, SAM.id, APP.botUser]),
  kind: 'private',
};
/** Private, and meshbot is not in it. */
export const WAR_ROOM: Channel = {
  ...channel('CWARROOM01', 'war-room', 'By invitation', [SAM.id, MINA.id]),
  kind: 'private',
};
export const ARCHIVED: Channel = {
  ...channel('CARCHIVED1', 'mesh-2024', 'Closed', [...STAFF, APP.botUser]),
  archived: true,
};

export const CHANNELS: readonly Channel[] = [MESH, SHOP, INCIDENTS, RANDOM, RELEASES, WAR_ROOM, ARCHIVED];
