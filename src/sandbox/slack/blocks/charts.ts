/** data_visualization: pie, bar, area and line charts. */
import type { Json, JsonObject } from '../../../object.ts';
import { objectsIn } from '../json.ts';
import { blockId } from './composition.ts';
import { also, byType, type Check, list, number, object, type Report, string, typed } from './schema.ts';

const label = string({ max: 20 });
/** Series and segments. */
const MOST = 6;

const above0: Check = (value, at, report) => {
  number(value, at, report);
  if (typeof value === 'number' && value <= 0) report(at, 'must be greater than 0');
};

const series = list(object({ name: label, data: list(object({ label, value: number }), { max: 20 }) }), { max: MOST });
const axes = object(
  { categories: list(label, { max: 20 }) },
  { x_label: string({ max: 50 }), y_label: string({ max: 50 }) },
);

/** Each series has a name of its own and one point for each category. */
function agree(chart: JsonObject, at: string, report: Report): void {
  const all = objectsIn(chart.series);
  if (new Set(all.map(one => one.name)).size < all.length) report(`${at}/series`, 'series must have unique names');
  const given: Json | undefined = (chart.axis_config as JsonObject | undefined)?.categories;
  if (!Array.isArray(given)) return;
  const categories = [...given].sort().join('\n');
  all.forEach((one, index) => {
    const labels = objectsIn(one.data).map(point => String(point.label));
    if (labels.sort().join('\n') !== categories) {
      report(`${at}/series/${index}/data`, 'must have exactly one data point per category');
    }
  });
}

const drawn = (type: string) => also(typed(type, { series, axis_config: axes }), agree);

export const chart = typed(
  'data_visualization',
  {
    title: string({ max: 50 }),
    chart: byType({
      pie: typed('pie', { segments: list(object({ label, value: above0 }), { max: MOST }) }),
      bar: drawn('bar'),
      area: drawn('area'),
      line: drawn('line'),
    }),
  },
  { block_id: blockId },
);
