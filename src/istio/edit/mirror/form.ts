/** The mirror of one route in each form that Istio knows: one with a percent, old or new, and a list of several. */
import type { JsonObject } from '../../../object.ts';
import type { Phrase } from '../../../view.ts';
import { type Refused, refuse } from '../outcome.ts';
import { objectOf, objectsOf, stringOf } from '../read.ts';
import { entryOf } from '../service/service.ts';
import type { Address } from '../share/address.ts';

/** Which of them is in force is asked in this order. https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute */
const PERCENTS = ['mirrorPercentage', 'mirror_percentage', 'mirrorPercent', 'mirror_percent'];
const FIELDS = ['mirror', 'mirrors', ...PERCENTS];

/** The route without any. */
export function copiesOff(route: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(route).filter(([field]) => !FIELDS.includes(field)));
}

export interface Copied {
  kind: 'copied';
  route: JsonObject;
  notes: Phrase[];
}

export interface Wanted {
  address: Address;
  /** The destination as this route would write it. */
  spelled: JsonObject;
  /** 1–100. */
  percent: number;
  /** Where short host names of the route resolve. */
  namespace: string;
  path: string;
}

/** All else of the route stays as it is. */
export function copiesTo(route: JsonObject, wanted: Wanted): Copied | Refused {
  const listed = objectsOf(route.mirrors);
  if (route.mirror !== undefined && listed.length > 0) {
    const message = 'The route has both `mirror` and `mirrors`, which Istio does not take.';
    return refuse('mirror-twice', wanted.path, message, 'Take one of the two away by hand.');
  }
  return listed.length > 0 ? inList(route, listed, wanted) : single(route, wanted);
}

function single(route: JsonObject, wanted: Wanted): Copied {
  const mirror = route.mirror === undefined ? undefined : objectOf(route.mirror);
  const field = PERCENTS.find(each => route[each] !== undefined && route[each] !== null) ?? 'mirrorPercentage';
  const { percent } = wanted;
  // The old fields are plain numbers.
  const said = field.endsWith('age') ? { ...objectOf(route[field]), value: percent } : percent;
  return {
    kind: 'copied',
    route: { ...route, mirror: mirror && isSame(mirror, wanted) ? mirror : destination(mirror, wanted), [field]: said },
    notes: replaced(mirror, wanted),
  };
}

function inList(route: JsonObject, listed: JsonObject[], wanted: Wanted): Copied | Refused {
  const same = listed.findIndex(each => isSame(objectOf(each.destination), wanted));
  if (same < 0 && listed.length > 1) {
    const others = listed.map(each => nameOf(objectOf(each.destination))).join(', ');
    return refuse(
      'mirror-several',
      wanted.path,
      `Copies go to ${others} already, and it is not clear which of them to change.`,
      'Take them away first with `mirror <service> off`.',
    );
  }
  const at = Math.max(0, same);
  const entry = listed[at]!;
  const was = objectOf(entry.destination);
  const after: JsonObject = {
    ...entry,
    destination: same < 0 ? destination(was, wanted) : was,
    percentage: { ...objectOf(entry.percentage), value: wanted.percent },
  };
  return {
    kind: 'copied',
    route: { ...route, mirrors: listed.with(at, after) },
    notes: same < 0 ? replaced(was, wanted) : [],
  };
}

function isSame(mirror: JsonObject, { address, namespace }: Wanted): boolean {
  const { host, subset } = entryOf({ destination: mirror }, namespace);
  return host === address.host && subset === address.subset;
}

/** A port that is named stays; else that of the route's own destinations. */
function destination(mirror: JsonObject | undefined, { spelled }: Wanted): JsonObject {
  return { ...spelled, ...(mirror?.port !== undefined && { port: mirror.port }) };
}

function replaced(mirror: JsonObject | undefined, wanted: Wanted): Phrase[] {
  return mirror && !isSame(mirror, wanted) ? [`Copies went to ${nameOf(mirror)}, which gets none any more.`] : [];
}

function nameOf({ host, subset }: JsonObject): string {
  return [stringOf(host), stringOf(subset)].filter(Boolean).join(' ');
}
