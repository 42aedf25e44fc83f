/** What drawing one part may use, and what it gives. */
import type { Block } from '@slack/types';
import type { Part } from '../../view.ts';

/** Messages take every block; Home tabs and modals know neither containers, plans, tables nor charts. */
export type Surface = 'message' | 'view';

/** A text that did not fit, whole, for a file. */
export interface Attachment {
  name: string;
  title: string;
  text: string;
  /** First hex digits of its sha256: tells two files of one name apart. */
  hash: string;
}

/** A picture that a view has. */
export interface WantedPicture {
  hash: string;
  part: Extract<Part, { kind: 'picture' }>;
}

export interface Drawn {
  blocks: Block[];
  picture?: WantedPicture;
  /** What was cut, to be attached where files can be. */
  file?: Attachment;
}

export interface Canvas {
  surface: Surface;
  /** Whether what is cut will be attached as a file, or could not be; the cut line says so. */
  files: boolean | 'failed';
  /** Files of pictures that Slack has, by the picture's hash. */
  pictures: ReadonlyMap<string, string>;
  /** Tables and charts that may still be drawn as blocks of their own. Counted down by those who draw one. */
  tables: number;
  charts: number;
  /** A number for each part, so that no two ids of a message are the same. */
  index: number;
}

export const NOTHING: Drawn = { blocks: [] };
