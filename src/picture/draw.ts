/** A picture's data as SVG. Pure: the same data gives the same drawing. */
import { drawComparison } from './comparison.ts';
import type { Picture } from './picture.ts';
import { drawTopology } from './topology.ts';
import { drawWaterfall } from './waterfall.ts';

export function svgOf(picture: Picture): string {
  switch (picture.kind) {
    case 'waterfall':
      return drawWaterfall(picture);
    case 'topology':
      return drawTopology(picture);
    case 'comparison':
      return drawComparison(picture);
  }
}
