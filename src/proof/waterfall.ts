/** One trace as text: a bar per hop, aligned, readable in the 48 columns of a thread. */
import type { Receipt } from '../change/meshchange.ts';

const NAMES = 23;
const BARS = 14;

/** Lines of the waterfall, or '' when there is no trace. */
export function waterfall(trace: NonNullable<Receipt['trace']>): string {
  const whole = Math.max(0, ...trace.map(hop => hop.start + hop.took));
  if (trace.length === 0 || whole <= 0) return '';
  return trace.map(hop => `${nameOf(hop)} ${barOf(hop, whole)} ${tookOf(hop)}`.trimEnd()).join('\n');
}

type TraceHop = NonNullable<Receipt['trace']>[number];

function nameOf(hop: TraceHop): string {
  const failed = hop.status !== undefined && hop.status >= 400 ? ` ${hop.status}` : '';
  const suffix = `${hop.version === undefined ? '' : ` ${hop.version}`}${failed}`.slice(0, 14);
  const room = NAMES - suffix.length;
  const indent = '  '.repeat(Math.min(hop.depth, 4));
  // Where there is no room for the namespace, the name alone says more than a cut one.
  const whole = indent + hop.service;
  const service = whole.length > room ? indent + hop.service.split('.')[0] : whole;
  const cut = service.length > room ? `${service.slice(0, room - 1)}…` : service;
  return `${cut}${suffix}`.padEnd(NAMES);
}

function barOf(hop: TraceHop, whole: number): string {
  const from = Math.min(BARS - 1, Math.floor((Math.max(0, hop.start) / whole) * BARS));
  const length = Math.max(1, Math.min(BARS - from, Math.round((hop.took / whole) * BARS)));
  return `${'·'.repeat(from)}${'█'.repeat(length)}${'·'.repeat(BARS - from - length)}`;
}

function tookOf(hop: TraceHop): string {
  const ms = hop.took >= 100 ? Math.round(hop.took).toString() : hop.took.toFixed(1);
  return `${ms.padStart(6)} ms`;
}
