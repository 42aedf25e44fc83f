/** A fault of the real thing, and what meshbot's users see of it. */
import type { Lab, Stage } from './stage.ts';

export interface Fault {
  title: string;
  /** Whether it breaks what only a cluster of our own lets be broken. */
  inLab: boolean;
  story(stage: Stage): Promise<void>;
}

export function fault(title: string, story: (stage: Stage) => Promise<void>): Fault {
  return { title, inLab: false, story };
}

export function labFault(title: string, story: (stage: Stage & { lab: Lab }) => Promise<void>): Fault {
  return {
    title,
    inLab: true,
    story: ({ lab, ...stage }) => {
      if (!lab) throw new Error('this is no cluster of our own');
      return story({ ...stage, lab });
    },
  };
}
