/** What the chat's listeners ask of the core. */
import type { View } from '../view.ts';
import type { Place, Posted } from './chat.ts';

/** A line typed to meshbot, by a slash command, a mention or the form. */
export interface Asked {
  text: string;
  asker: { team: string; user: string };
  place: Place;
  /** The same for each delivery of the same command, different for any two commands. */
  delivery: string;
  /** Ids of the channels that the text names, by name without `#`, where the chat told them. */
  channels?: Record<string, string>;
}

export type Reply =
  /** It is stored; its card will appear. */
  | { kind: 'recorded'; change: string }
  /** To the asker alone, at once. */
  | { kind: 'answer'; view: View }
  /** Acknowledge first, then `work`. `progress` redraws the answer. `share`: for the channel, not the asker alone. */
  | { kind: 'working'; share: boolean; work(progress: (view: View) => Promise<void>): Promise<View> }
  /** Open the form with menus. */
  | { kind: 'form' };

/** A click on a card, a menu of it, or a submitted reason. */
export interface Click {
  /** The same for each delivery of the same click. */
  delivery: string;
  kind:
    | 'approve'
    | 'reject'
    | 'choose'
    /** Of a change by steps. */
    | 'pause'
    | 'resume'
    | 'abort'
    /** Of a change with a time limit. */
    | 'keep'
    | 'revert';
  change: string;
  clicker: { team: string; user: string };
  /** Where the card is that was clicked: an id from another channel is refused. */
  posted: Posted;
  reason?: string;
  choice?: string;
}

/** A form for one verb: what it takes, with live names. */
export interface FormVerb {
  verb: string;
  summary: string;
  /** A change: its card needs a channel in which those who approve it see it. */
  change?: boolean;
  inputs: {
    name: string;
    about: string;
    required: boolean;
    shape:
      | { kind: 'menu'; choices: { value: string; label: string }[] }
      | { kind: 'number'; least: number; most: number }
      | { kind: 'text' };
  }[];
}

/** What the chat's listeners ask of the core. Throws ClusterError where nothing could be stored: tell the person so. */
export interface Desk {
  /** Resolves once a change is stored. Never throws for what was typed. */
  ask(asked: Asked): Promise<Reply>;
  /** Resolves once the click is stored. A string tells the clicker why it was not taken. */
  click(click: Click): Promise<string | undefined>;
  /** `chosen` are the values so far, so that menus can depend on each other. */
  form(
    verb: string | undefined,
    chosen: Record<string, string>,
  ): { verbs: { verb: string; summary: string }[]; form?: FormVerb };
  /** The line that a filled form means: 'shift reviews v3 50'. */
  line(verb: string, chosen: Record<string, string>): string;
  home(person: string): Promise<View>;
  /** Why they may ask meshbot nothing, in a sentence; undefined: they may. Answers in time for an acknowledgement. */
  refusal(asker: { team: string; user: string }): Promise<string | undefined>;
}
