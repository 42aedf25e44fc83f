/** From values to places: round axis steps, linear scales, and bands for categories. Pure. */

export interface Axis {
  min: number;
  max: number;
  ticks: number[];
}

/**
 * An axis over all `values`, from zero (or from below it), with about `wanted` steps of 1, 2, 2.5 or 5 times a power
 * of ten. Never empty: no values, or only zeros, give 0 to 1.
 */
export function axisOver(values: number[], wanted = 4): Axis {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  // Below this nothing could be told apart, and powers of ten run out.
  if (high - low < 1e-12) return { min: 0, max: 1, ticks: [0, 1] };
  const step = roundStep((high - low) / wanted);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks: number[] = [];
  for (let count = first; count <= last; count++) ticks.push(Number((count * step).toPrecision(12)));
  return { min: ticks[0] ?? 0, max: ticks.at(-1) ?? 1, ticks };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find(one => one * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** `from`…`to` on the axis become `start`…`end` on the page. */
export function linear(axis: Axis, start: number, end: number): (value: number) => number {
  const span = axis.max - axis.min || 1;
  return value => start + ((value - axis.min) / span) * (end - start);
}

export interface Bands {
  width: number;
  center(index: number): number;
}

export function bands(count: number, start: number, end: number): Bands {
  const width = (end - start) / Math.max(1, count);
  return { width, center: index => start + width * (index + 0.5) };
}

/** Every how many categories one may write a label so that they do not touch, at `character` px a letter. */
export function labelStride(labels: string[], bandWidth: number, character = 6.2): number {
  const longest = Math.max(1, ...labels.map(label => Math.min(label.length, SHORT)));
  return Math.max(1, Math.ceil((longest * character + 6) / bandWidth));
}

/** Characters that a label keeps however many there are. */
const SHORT = 14;

/** The label, cut where it has not the room, in pixels, to be whole. */
export function shortLabel(label: string, room: number, character = 6.2): string {
  const most = Math.max(SHORT, Math.floor((room - 6) / character));
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}

/** `1.2M`, `45k`, `1,250`, `0.25` */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trim(value / 1e9)}B`;
  if (size >= 1e6) return `${trim(value / 1e6)}M`;
  if (size >= 10_000) return `${trim(value / 1000)}k`;
  return value.toLocaleString('en-US', { maximumFractionDigits: size < 1 ? 3 : 2 });
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

export interface Slice {
  /** An SVG path. */
  path: string;
  /** Where its middle is, as a unit vector from the centre. */
  middle: { x: number; y: number };
}

/** The slices of a ring, clockwise from twelve o'clock. */
export function ring(values: number[], radius: number, hole: number): Slice[] {
  const total = values.reduce((sum, value) => sum + value, 0) || 1;
  let from = 0;
  return values.map(value => {
    const start = (from / total) * 2 * Math.PI;
    from += value;
    // A whole circle has no arc of its own in SVG: it stops a hair before.
    const end = Math.min((from / total) * 2 * Math.PI, start + 2 * Math.PI - 1e-4);
    const half = (start + end) / 2;
    const at = (angle: number, size: number) =>
      `${(Math.sin(angle) * size).toFixed(3)} ${(-Math.cos(angle) * size).toFixed(3)}`;
    const large = end - start > Math.PI ? 1 : 0;
    return {
      path: `M${at(start, radius)}A${radius} ${radius} 0 ${large} 1 ${at(end, radius)}L${at(end, hole)}A${hole} ${hole} 0 ${large} 0 ${at(start, hole)}Z`,
      middle: { x: Math.sin(half), y: -Math.cos(half) },
    };
  });
}
