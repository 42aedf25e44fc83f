/** A picture's data as SVG. Pure: the same data gives the same drawing. */
import type { Picture } from './picture.ts';
import { drawTopology } from './topology.ts';
import { drawWaterfall } from './waterfall.ts';

export function svgOf(picture: Picture): string {
  return picture.kind === 'waterfall' ? drawWaterfall(picture) : drawTopology(picture);
}
