/** Progress in steps: a plan of task cards in a message, a list elsewhere. */
import type { PlanBlock, RichTextBlock, TaskCardBlock } from '@slack/types';
import type { Part, Phrase } from '../../view.ts';
import { drawBullets } from './bullets.ts';
import { type Canvas, type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { cut, line, measures } from './literal.ts';
import { section } from './phrase.ts';

type Steps = Extract<Part, { kind: 'steps' }>;
type Step = Steps['steps'][number];

const STATUS = { pending: 'pending', running: 'in_progress', done: 'complete', failed: 'error' } as const;
const MARKS = { pending: '○', running: '◐', done: '●', failed: '✕' } as const;
/** More cards than this are unreadable: a list then. */
const CARDS = 20;

export function drawSteps(part: Steps, room: number, canvas: Canvas): Drawn {
  const { steps } = part;
  if (steps.length === 0) return NOTHING;
  if (canvas.surface === 'message' && steps.length <= CARDS) {
    const most = largest(0, 600, n => size(plan(steps, n, canvas.index)) <= room);
    if (most !== undefined) return { blocks: [plan(steps, most, canvas.index)] };
  }
  const items = steps.map<Phrase>(({ state, title, detail }) => [
    `${MARKS[state]} ${line(title)}`,
    ...(detail === undefined ? [] : [' – ', ...(typeof detail === 'string' ? [detail] : detail)]),
  ]);
  return drawBullets({ kind: 'bullets', items }, room);
}

function plan(steps: Step[], most: number, index: number): PlanBlock {
  return {
    type: 'plan',
    title: summary(steps),
    tasks: steps.map<TaskCardBlock>((step, at) => {
      const inside = step.detail === undefined ? undefined : section(step.detail, most);
      const details: RichTextBlock | undefined = inside && { type: 'rich_text', elements: [inside] };
      return {
        type: 'task_card',
        task_id: `step-${index}-${at}`,
        title: cut(measures(line(step.title)), 100) || '–',
        status: STATUS[step.state],
        ...(details && { details }),
      };
    }),
  };
}

const ALL_DONE: Record<number, string> = { 1: 'The one step is done', 2: 'Both steps are done' };

/** Where it stands, for the plan's title is all that a folded plan shows. */
function summary(steps: Step[]): string {
  const done = steps.filter(({ state }) => state === 'done').length;
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed) return cut(`Failed: ${line(failed.title)}`, 100);
  if (done === steps.length) return ALL_DONE[done] ?? `All ${done} steps are done`;
  const running = steps.find(({ state }) => state === 'running');
  const where = steps.length === 1 ? 'not done yet' : `${done} of ${steps.length} steps are done`;
  return running ? cut(`${line(running.title)} – ${where}`, 100) : where;
}
