/** A HealthSchedule: when a channel is told how the mesh is, and what it was told last. A custom resource. */
import type { ObjectMeta } from '../object.ts';

export interface HealthScheduleSpec {
  /** 'day 09:00', 'weekday 09:00', 'monday 09:00', '4h', '15m': what src/rounds reads. */
  when: string;
  /** IANA time zone in which that is meant. */
  tz: string;
  /** Where the posts go. */
  channel: string;
  /** Who scheduled it. */
  by: { team: string; user: string };
}

/** A slot that is being posted. Whoever finds it standing still takes it over. */
export interface HealthTurn {
  /** Epoch ms at which the post is due. */
  slot: number;
  /** One process, not one pod. */
  holder: string;
  /** Grows with each takeover and each step of the holder, so that what stands still is seen. */
  beat: number;
  /** Slots before it that nobody was there to post. */
  missed: number;
  /** Set before the chat is asked to take the post. */
  posting?: {
    /** Epoch ms of the first try: a post of unknown outcome is looked for from here on. */
    since: number;
    /** What is remembered once it is there. JSON. */
    memory: string;
  };
}

export interface HealthScheduleStatus {
  /** Epoch ms of the last slot that was claimed. No slot up to it is claimed again. */
  slot: number;
  turn?: HealthTurn;
  /** The last post, and what it said, for the next to compare with. */
  last?: {
    slot: number;
    /** Epoch ms. */
    at: number;
    channel: string;
    ts: string;
    /** JSON. */
    memory: string;
  };
  /** Why the last slot was not posted, for people. */
  message?: string;
}

export interface HealthSchedule {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: HealthScheduleSpec;
  /** Absent until its first slot. */
  status?: HealthScheduleStatus;
}
