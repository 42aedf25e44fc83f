/** Who may ask for a change, who may approve it, how many must, and until when. */
import type { Risk } from '../plan.ts';

/** People by id, user groups by id, or everyone who is a full member of the workspace. */
export interface Who {
  users: string[];
  groups: string[];
  everyone: boolean;
}

/** The first rule that matches a plan decides. */
export interface PolicyRule {
  /** Namespaces, `*` as a wildcard. Absent: all. */
  namespaces?: string[];
  /** Absent: all. */
  risks?: Risk[];
  ask: Who;
  approve: Who;
  /** How many different people must approve. */
  approvals: number;
  /** Whether the one who asked may be among them. */
  own: boolean;
  /** ms until an unapproved plan expires. */
  expires: number;
}

export interface Policy {
  /** Slack teams whose people are listened to. Empty: the team of the bot's own token only. */
  teams: string[];
  rules: PolicyRule[];
  /** Under a freeze these approve, instead of those whom the rules name. Absent: nothing is changed under one. */
  override?: { who: Who; approvals: number };
}
