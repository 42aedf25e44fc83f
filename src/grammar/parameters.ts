/** The kinds of argument that a verb can take. Each reads one word of chat and says, when it cannot, what it expected. */
import type { Gate } from '../plan.ts';
import type { ProbeSource } from '../ports.ts';

/** Names that are live in the cluster, for completion, menus and 'did you mean'. */
export interface Vocabulary {
  /** `reviews` in the default namespace, `reviews.shop` elsewhere. */
  services: string[];
  /** Whether there is such a service, for those who need not list them all: there may be thousands. */
  hasService?(name: string): boolean;
  /** Versions of a service: subsets of its rules and version labels of its pods. */
  versions(service: string): string[];
  /** Ids of changes, newest first. */
  changes: string[];
  verbs: string[];
  /** `shop` in the default namespace, `istio-system/shop` elsewhere. */
  gateways: string[];
}

interface Base<T> {
  /** One line on what it is. */
  about: string;
  /** Positional without which the command is incomplete. */
  required?: boolean;
  /** `--name` instead of a position. Flags without a value are booleans. */
  flag?: boolean;
  /** How the usage line shows it; `<name>` unless told. */
  shown?: string;
  /** Type carrier; never set. */
  _type?: T;
}

export type Parameter =
  /** `port`: a port may follow, `reviews:9080`. */
  | (Base<string> & { type: 'service'; port?: true })
  /** `or`: words that are taken in place of a version. */
  | (Base<string> & { type: 'version'; of: string; or?: readonly string[] })
  | (Base<number> & { type: 'percent' })
  /** `50`, or ever more of them: `5,25,50`. */
  | (Base<number[]> & { type: 'percents' })
  /** A length of time, kept in ms: `30m`, `1h30m`. `least` and `most` in ms. */
  | (Base<number> & { type: 'duration'; least: number; most: number })
  /** What measures must stay below: `errors<1%`, `p95<500ms`. May be given several times. */
  | (Base<Gate[]> & { type: 'gates'; flag: true })
  | (Base<string> & { type: 'word' })
  /** All words from its place on, with one space between: the last position of a verb, and never a flag. */
  | (Base<string> & { type: 'words'; flag?: false })
  /** A Gateway: `name` or `namespace/name`. */
  | (Base<string> & { type: 'gateway' })
  | (Base<string> & { type: 'change' })
  | (Base<string> & { type: 'verb' })
  | (Base<string> & { type: 'url' })
  | (Base<ProbeSource> & { type: 'source' })
  | (Base<boolean> & { type: 'switch' })
  | (Base<{ name: string; value: string }[]> & { type: 'pairs' })
  /** A flag that may be given several times, a word each. */
  | (Base<string[]> & { type: 'list'; flag: true })
  | (Base<number> & { type: 'count'; most: number });

/** Whether it may be given more than once. */
export function isRepeated({ type }: Parameter): boolean {
  return type === 'pairs' || type === 'list' || type === 'gates';
}

export type Parameters = Record<string, Parameter>;

type TypeOf<P extends Parameter> = P extends { type: 'percent' | 'count' | 'duration' }
  ? number
  : P extends { type: 'switch' }
    ? boolean
    : P extends { type: 'source' }
      ? ProbeSource
      : P extends { type: 'pairs' }
        ? { name: string; value: string }[]
        : P extends { type: 'list' }
          ? string[]
          : P extends { type: 'percents' }
            ? number[]
            : P extends { type: 'gates' }
              ? Gate[]
              : string;

/** The typed arguments of a command. What is not required may be absent. */
export type Values<P extends Parameters> = {
  [K in keyof P as P[K] extends { required: true } ? K : never]: TypeOf<P[K]>;
} & {
  [K in keyof P as P[K] extends { required: true } ? never : K]?: TypeOf<P[K]> | undefined;
};
