/**
 * One emoji. The status signs that an app's cards live on are drawn here, so that they look the same on every machine
 * and are there where no emoji font is; all others are the system's own characters.
 */
import type { VNode } from 'preact';
import { html } from '../html.ts';
import { emojiCharacter } from '../text/emoji.ts';

const disc = (fill: string) => html`<circle cx="10" cy="10" r="8.500" fill=${fill} />`;
const tile = (fill: string) => html`<rect x="1.500" y="1.500" width="17" height="17" rx="4" fill=${fill} />`;
const stroke = (d: string, color = '#fff', width = 2.4) =>
  html`<path d=${d} fill="none" stroke=${color} stroke-width=${width} stroke-linecap="round" stroke-linejoin="round" />`;
const shape = (d: string, fill: string) => html`<path d=${d} fill=${fill} />`;

const tick = 'm5.500 10.400 3.100 3.200 6-6.900';
const cross = 'm5.700 5.700 8.600 8.600M14.300 5.700l-8.600 8.600';
const sand =
  'M5.500 2.500h9M5.500 17.500h9M6.500 2.500c0 4.500 2.700 5.500 2.700 7.500s-2.700 3-2.700 7.500M13.500 2.500c0 4.500-2.700 5.500-2.700 7.500s2.700 3 2.700 7.500';

const drawings: Record<string, () => VNode | VNode[]> = {
  white_check_mark: () => [tile('#2bac76'), stroke(tick)],
  heavy_check_mark: () => stroke('m3.500 10.800 4.200 4.400 8.800-10', '#2bac76', 3),
  ballot_box_with_check: () => [tile('#1d9bd1'), stroke(tick)],
  x: () => stroke(cross, '#e01e5a', 3.4),
  warning: () => [
    shape(
      'M10 1.800c.6 0 1.100.3 1.400.8l7.200 13.200c.6 1.100-.2 2.400-1.400 2.400H2.800c-1.200 0-2-1.300-1.400-2.400L8.600 2.600c.3-.5.8-.8 1.400-.8z',
      '#ecb22e',
    ),
    stroke('M10 7.200v4.600M10 14.900v.01', '#3d2c00', 2.2),
  ],
  no_entry: () => [disc('#e01e5a'), stroke('M5.500 10h9', '#fff', 3.4)],
  no_entry_sign: () => [
    html`<circle cx="10" cy="10" r="7.300" fill="none" stroke="#e01e5a" stroke-width="2.600" />`,
    stroke('m5 5 10 10', '#e01e5a', 2.6),
  ],
  octagonal_sign: () => shape('M6.500 1.500h7l5 5v7l-5 5h-7l-5-5v-7z', '#e01e5a'),
  information_source: () => [tile('#1d9bd1'), stroke('M10 9.300v5M10 5.700v.01')],
  question: () =>
    stroke(
      'M6.500 6.800c0-2 1.500-3.300 3.600-3.300 2 0 3.500 1.200 3.500 3.100 0 2.600-3.500 2.700-3.500 5.600M10 16.300v.01',
      '#e01e5a',
      2.8,
    ),
  exclamation: () => stroke('M10 3.500v8.200M10 16.300v.01', '#e01e5a', 3.2),
  red_circle: () => disc('#e01e5a'),
  large_green_circle: () => disc('#2bac76'),
  large_yellow_circle: () => disc('#ecb22e'),
  large_orange_circle: () => disc('#e8912d'),
  large_blue_circle: () => disc('#1d9bd1'),
  large_purple_circle: () => disc('#7c4dbb'),
  white_circle: () => disc('#d0d0d3'),
  black_circle: () => disc('#3f3f46'),
  red_square: () => tile('#e01e5a'),
  large_green_square: () => tile('#2bac76'),
  large_yellow_square: () => tile('#ecb22e'),
  large_blue_square: () => tile('#1d9bd1'),
  white_large_square: () => tile('#d0d0d3'),
  black_large_square: () => tile('#3f3f46'),
  hourglass: () => stroke(sand, '#b7791f', 1.7),
  hourglass_flowing_sand: () => [
    stroke(sand, '#b7791f', 1.7),
    shape('M7.500 16.500h5c-.3-2-1.500-2.500-2.500-3.700-1 1.200-2.200 1.700-2.500 3.700z', '#ecb22e'),
  ],
  arrow_right: () => [tile('#1d9bd1'), stroke('M5 10h9.500M10.700 6l4 4-4 4')],
  arrow_left: () => [tile('#1d9bd1'), stroke('M15 10H5.500M9.300 6l-4 4 4 4')],
  arrow_up: () => [tile('#1d9bd1'), stroke('M10 15V5.500M6 9.300l4-4 4 4')],
  arrow_down: () => [tile('#1d9bd1'), stroke('M10 5v9.500M6 10.700l4 4 4-4')],
  arrows_counterclockwise: () => [
    tile('#1d9bd1'),
    stroke(
      'M5.500 9a4.700 4.700 0 0 1 8.500-1.500M14.500 11A4.700 4.700 0 0 1 6 12.500M14.300 4.800v2.900h-2.900M5.700 15.200v-2.900h2.900',
      '#fff',
      1.7,
    ),
  ],
  leftwards_arrow_with_hook: () => [
    tile('#1d9bd1'),
    stroke('M7.700 4.800 4.700 7.800l3 3M4.900 7.800h6.600a3.300 3.300 0 0 1 0 6.600H8', '#fff', 2),
  ],
  twisted_rightwards_arrows: () => [
    tile('#1d9bd1'),
    stroke(
      'M4.500 7h2.700l5.600 6h2.700M4.500 13h2.700l1.400-1.500M11.400 8.500 12.800 7h2.700M13.700 5l2 2-2 2M13.700 11l2 2-2 2',
      '#fff',
      1.6,
    ),
  ],
  hand: () => [
    stroke('M6.300 10V4.300M9.300 9V2.600M12.300 9V3.200M15.300 10V5.600', '#ecb22e', 2.4),
    stroke('m5.800 14.600-2.900-3.400', '#ecb22e', 2.6),
    shape('M5.100 9h11.400v3.600c0 3.600-2.200 6-5.500 6-3.500 0-5.900-2.300-5.900-6z', '#ecb22e'),
  ],
  snowflake: () =>
    stroke(
      'M10 1.800v16.400M2.900 5.900l14.200 8.200M17.100 5.900 2.900 14.100M7.800 3.200 10 5.200l2.200-2M7.800 16.800l2.200-2 2.200 2M3.200 9l2.700-1.300L5.600 4.800M14.400 15.200l-.3-2.900L16.800 11M16.800 9l-2.700-1.300.3-2.900M5.600 15.200l.3-2.900L3.200 11',
      '#1d9bd1',
      1.4,
    ),
  eyes: () => [
    html`<ellipse cx="5.700" cy="10" rx="4" ry="5.500" fill="#fff" stroke="#616061" stroke-width="1" />`,
    html`<ellipse cx="14.300" cy="10" rx="4" ry="5.500" fill="#fff" stroke="#616061" stroke-width="1" />`,
    html`<circle cx="4.500" cy="11" r="2.200" fill="#3d2c1e" /><circle cx="13.100" cy="11" r="2.200" fill="#3d2c1e" />`,
  ],
  lock: () => [
    stroke('M6.500 9V6.300a3.500 3.500 0 0 1 7 0V9', '#868686', 2),
    html`<rect x="4" y="8.500" width="12" height="9.500" rx="2" fill="#ecb22e" />`,
  ],
  star: () =>
    shape('m10 1.500 2.600 5.500 6 .8-4.400 4.200 1.100 6L10 15.100 4.700 18l1.100-6L1.400 7.800l6-.8z', '#ecb22e'),
  zap: () => shape('M11.500 1 3.500 11.500H9L8 19l8.500-10.800H11z', '#ecb22e'),
  rotating_light: () => [
    shape('M5 14V9.500a5 5 0 0 1 10 0V14z', '#e01e5a'),
    html`<rect x="3" y="14" width="14" height="4" rx="1" fill="#616061" />`,
    stroke('M10 1v1.500M3 4l1.200 1.200M17 4l-1.200 1.200', '#e01e5a', 1.6),
  ],
  traffic_light: () => [
    html`<rect x="5.500" y="1" width="9" height="18" rx="3" fill="#3f3f46" />`,
    html`<circle cx="10" cy="5" r="2.200" fill="#e01e5a" /><circle cx="10" cy="10" r="2.200" fill="#ecb22e" /><circle cx="10" cy="15" r="2.200" fill="#2bac76" />`,
  ],
  rocket: () => [
    shape(
      'M18.500 1.500c-5-.3-9 2-11.300 6.200l-.7 3.300 2.500 2.500 3.300-.7c4.200-2.300 6.500-6.300 6.200-11.300z',
      '#d8dde1',
    ),
    shape('M7.600 7.300 3.500 8 1.500 11l4-.3zM12.700 12.400l-.7 4.100-3 2 .3-4z', '#e01e5a'),
    shape('M5.300 12.300c-2 .6-2.800 2.600-3 5.400 2.800-.2 4.800-1 5.400-3z', '#ecb22e'),
    html`<circle cx="12.800" cy="7.200" r="2" fill="#1d9bd1" />`,
  ],
  tada: () => [
    shape('M6.500 6.500 1.500 18.500l12-5z', '#ecb22e'),
    stroke('M9 4.500c1.500-1 1.500-2 1-3M15.500 11c1-1.500 2-1.500 3-1M12.500 7.500l3-3', '#e01e5a', 1.7),
    html`<circle cx="17" cy="6.500" r="1.300" fill="#2bac76" /><circle cx="13.500" cy="2.500" r="1.100" fill="#1d9bd1" /><circle cx="17.500" cy="14" r="1.100" fill="#7c4dbb" />`,
  ],
  bar_chart: () => [
    html`<rect x="1.500" y="1.500" width="17" height="17" rx="3" fill="#e8eef2" />`,
    html`<rect x="4.500" y="9" width="2.800" height="7" fill="#2bac76" /><rect x="8.600" y="5" width="2.800" height="11" fill="#1d9bd1" /><rect x="12.700" y="11" width="2.800" height="5" fill="#e01e5a" />`,
  ],
  clipboard: () => [
    html`<rect x="3.500" y="2.500" width="13" height="16" rx="2" fill="#b07d4f" />`,
    html`<rect x="5.500" y="5" width="9" height="11.500" fill="#fff" />`,
    html`<rect x="7" y="1" width="6" height="3.600" rx="1" fill="#868686" />`,
    stroke('M7.300 8.500h5.400M7.300 11h5.400M7.300 13.500h3', '#868686', 1.1),
  ],
  mag: () => [
    html`<circle cx="8.300" cy="8.300" r="5.500" fill="#d5ecf7" stroke="#3f6d84" stroke-width="2" />`,
    stroke('m12.700 12.700 5 5', '#3f3f46', 2.8),
  ],
  robot_face: () => [
    html`<rect x="3" y="5" width="14" height="12" rx="3" fill="#8fb7cc" />`,
    html`<circle cx="7.300" cy="10" r="1.700" fill="#1d1c1d" /><circle cx="12.700" cy="10" r="1.700" fill="#1d1c1d" />`,
    stroke('M7.500 14h5M10 5V2.500', '#3f3f46', 1.4),
  ],
  '+1': () =>
    shape(
      'M2 9h3.500v9H2zM6.500 9.200 10 1.800c1.900 0 2.900 1.300 2.500 3L11.800 8h4.400c1.500 0 2.300 1.200 2 2.500l-1.500 5.800c-.3 1-1.100 1.700-2.200 1.700h-8z',
      '#ecb22e',
    ),
};
drawings.heavy_multiplication_x = drawings.x!;
drawings.thumbsup = drawings['+1']!;
drawings.mag_right = drawings.mag!;
drawings.vertical_traffic_light = drawings.traffic_light!;

export function Emoji({ name, character }: { name: string; character?: string | undefined }): VNode {
  const drawing = Object.hasOwn(drawings, name) ? drawings[name] : undefined;
  const label = `:${name}:`;
  if (drawing) {
    return html`<svg class="emoji drawn" role="img" aria-label=${label} viewBox="0 0 20 20"><title>${label}</title>${drawing()}</svg>`;
  }
  const known = character ?? emojiCharacter(name);
  if (known === undefined) return html`<span class="emoji-unknown">${label}</span>`;
  return html`<span class="emoji" role="img" aria-label=${label} title=${label}>${known}</span>`;
}
