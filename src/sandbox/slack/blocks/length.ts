/** How many characters people read in these blocks. */
import type { Json, JsonObject } from '../../../object.ts';
import { isObject } from '../json.ts';

/** Fields that hold what is shown, wherever they are. */
const SHOWN = new Set(['text', 'title', 'caption', 'label', 'name', 'alt_text', 'placeholder', 'fallback']);

export function readableLength(blocks: JsonObject[]): number {
  const count = (value: Json, shown: boolean): number => {
    if (typeof value === 'string') return shown ? value.length : 0;
    if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + count(item, shown), 0);
    if (!isObject(value)) return 0;
    return Object.entries(value).reduce((sum, [field, item]) => sum + count(item, SHOWN.has(field)), 0);
  };
  return count(blocks, false);
}
