/** What a card shows of a change that goes by steps: where it stands, each step as it was judged, and the measures over time. */
import { sayDuration } from '../../duration.ts';
import type { Gate, Rollout } from '../../plan.ts';
import type { Part, Phrase } from '../../view.ts';
import type { ChangeStatus, Measured, Progress } from '../meshchange.ts';
import { percent, sentence } from '../phrases.ts';
import { gateName, measuredOf } from './gates.ts';
import { PATIENCE, shareOf } from './held.ts';

/** Slack draws two charts in a message. */
const CHARTS_MOST = 2;

/** Where a change that is Progressing stands. */
export function progressPhrase({ plan, progress }: ChangeStatus): Exclude<Phrase, string> {
  if (!plan?.rollout || !progress) return [];
  const { rollout } = plan;
  const where = `step ${shareOf({ ...plan, rollout }, progress.step)}`;
  if (progress.paused) {
    const { by, at } = progress.paused;
    const watched = rollout.gates.length > 0 ? ' Its gates are watched all the same.' : '';
    return ['🛑 ', { bold: 'Paused' }, ` in ${where} by `, { person: by }, ' since ', { time: at }, `.${watched}`];
  }
  const next = rollout.steps[progress.step + 1];
  const goal = next ? `${percent(next.percent)} to ${rollout.version}` : 'the proof';
  if (progress.held && progress.judged.verdict === 'frozen') {
    return ['❄️ ', { bold: `Held in ${where}` }, `: ${sentence(progress.judged.says)} Then comes ${goal}.`];
  }
  if (progress.held) {
    const says = `: ${sentence(progress.judged.says)} Until that changes, ${goal} does not come.`;
    const since = progress.unjudgedSince;
    const back =
      since === undefined ? [] : [' Unless somebody pauses it, it goes back: ', { time: since + PATIENCE }, '.'];
    return ['⏳ ', { bold: `Held in ${where}` }, says, ...back];
  }
  return ['🚦 ', { bold: `In ${where}` }, `. Next, ${goal}: `, { time: progress.due }, '.'];
}

/** For notifications: `step 2 of 4 (25 %)`, and what keeps it there. */
export function progressHeadline({ plan, progress }: ChangeStatus): string {
  if (!plan?.rollout || !progress) return 'in steps';
  const where = `step ${shareOf({ ...plan, rollout: plan.rollout }, progress.step)}`;
  if (progress.paused) return `${where}, paused`;
  return progress.held ? `${where}, held: ${progress.judged.says}` : where;
}

/** The steps and the charts; nothing for a change that is written at once. */
export function progressParts(status: ChangeStatus): Part[] {
  const { plan, progress } = status;
  if (!plan?.rollout) return [];
  const { rollout } = plan;
  const steps = rollout.steps.map((step, index) => ({
    title: `${percent(step.percent)} to ${rollout.version}`,
    state: stateOf(status, index),
    detail: detailOf(rollout, progress, index),
  }));
  const charts = progress ? chartsOf(rollout, progress.measured) : [];
  return [{ kind: 'steps', steps }, ...charts];
}

type State = 'pending' | 'running' | 'done' | 'failed';

function stateOf(status: ChangeStatus, index: number): State {
  const { progress, phase } = status;
  if (!progress || index > progress.step) return 'pending';
  if (index < progress.step || wasHeld(status)) return 'done';
  if (phase === 'Progressing') return 'running';
  // What a person ended did not fail.
  return status.history.at(-1)?.by === undefined ? 'failed' : 'pending';
}

/** Whether the last step was held to its end too. */
function wasHeld({ history }: ChangeStatus): boolean {
  return history.some(({ phase }) => phase === 'Applied');
}

function detailOf({ every, gates, steps }: Rollout, progress: Progress | undefined, index: number): Phrase {
  if (progress && index < progress.step) return sentence(progress.past[index]?.says ?? '');
  if (progress && index === progress.step && gates.length > 0) return sentence(progress.judged.says);
  const held = index === steps.length - 1 && gates.length === 0 ? 'then the proof' : `held for ${sayDuration(every)}`;
  return [[held, ...gates.map(gateName)].join(', ')];
}

function chartsOf(rollout: Rollout, measured: Measured[]): Part[] {
  if (rollout.gates.length > 0) {
    return rollout.gates.flatMap(gate => gateChart(gate, rollout.version, measured)).slice(0, CHARTS_MOST);
  }
  if (measured.length < 2) return [];
  const line = (name: string, of: 'rate' | 'others') => ({
    name,
    points: measured.map(({ at, [of]: value }) => ({ at, value: round(value) })),
  });
  const series = [line(rollout.version, 'rate'), line('all others', 'others')];
  return [{ kind: 'lines', title: 'Requests', unit: 'requests/s', series }];
}

/** What was measured, and the limit. */
function gateChart(gate: Gate, version: string, measured: Measured[]): Part[] {
  const points = measured.flatMap(each => {
    const value = measuredOf(gate, each);
    return value === undefined ? [] : [{ at: each.at, value: round(value) }];
  });
  if (points.length < 2) return [];
  const unit = gate.measure === 'errors' ? '%' : 'ms';
  const title = gate.measure === 'errors' ? `Errors of ${version}` : `${gate.measure} of ${version}`;
  const limit = points.map(({ at }) => ({ at, value: gate.below }));
  return [
    {
      kind: 'lines',
      title,
      unit,
      series: [
        { name: version, points },
        { name: 'limit', points: limit },
      ],
    },
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
