/** Where blocks are drawn (a message, a modal, Home): what its inputs hold, and how an element acts from there. */
import { createContext } from 'preact';
import { useContext, useRef, useState } from 'preact/hooks';
import type { Json, JsonObject } from '../../../../object.ts';
import type { PageAction, PageFile } from '../../page-protocol.ts';
import { asText, textOf } from '../json.ts';
import { usePage } from '../page-context.ts';
import { actionObject, currentValue, type Entered, initialValue, inputKey, stateValues, valueField } from './values.ts';

export type Container = Extract<PageAction, { type: 'act' }>['container'];

export interface Surface {
  container: Container;
  inView: boolean;
  files: PageFile[];
  /** Keys of the elements whose click is under way; a button shows it by a spinner. */
  pending: Record<string, true>;
  /** Complaints under inputs, by block id. */
  errors: Record<string, string>;
  valueOf(element: JsonObject, blockId: string): Json | undefined;
  enter(element: JsonObject, blockId: string, value: Json): void;
  /** Sends the action, with the state of all inputs here and with `entered` if it has just been entered. */
  act(element: JsonObject, blockId: string, what: JsonObject, entered?: Json): Promise<void>;
  /** What an external menu offers for `query`. */
  options(element: JsonObject, blockId: string, query: string): Promise<JsonObject[]>;
  state(): JsonObject;
  entered(): Entered;
}

const nowhere: Surface = {
  container: { type: 'view', viewId: '' },
  inView: false,
  files: [],
  pending: {},
  errors: {},
  valueOf: () => undefined,
  enter: () => {},
  act: async () => {},
  options: async () => [],
  state: () => ({}),
  entered: () => ({}),
};

export const SurfaceContext = createContext<Surface>(nowhere);

export function useSurface(): Surface {
  return useContext(SurfaceContext);
}

/** One surface over `blocks`. `onError` shows what the server refused. */
export function useNewSurface(options: {
  container: Container;
  blocks: JsonObject[];
  files?: PageFile[];
  errors?: Record<string, string>;
  onError(error: string): void;
}): Surface {
  const page = usePage();
  const [entered, setEntered] = useState<Entered>({});
  const [pending, setPending] = useState<Record<string, true>>({});
  // Two changes may come before the next drawing, so the latest is kept beside the drawn one.
  const latest = useRef(entered);
  const { container, blocks } = options;
  const inView = container.type === 'view';

  const keep = (element: JsonObject, blockId: string, value: Json) => {
    const field = valueField(asText(element.type));
    if (field === undefined) return;
    const key = inputKey(blockId, asText(element.action_id));
    const own = {
      value: { type: asText(element.type), [field]: value },
      initial: JSON.stringify(initialValue(element)),
    };
    latest.current = { ...latest.current, [key]: own };
    setEntered(latest.current);
  };

  return {
    container,
    inView,
    files: options.files ?? [],
    pending,
    errors: options.errors ?? {},
    valueOf: (element, blockId) =>
      currentValue(element, blockId, entered, inView)[valueField(asText(element.type)) ?? ''],
    enter: keep,
    async act(element, blockId, what, value) {
      if (value !== undefined) keep(element, blockId, value);
      const key = inputKey(blockId, asText(element.action_id));
      setPending(before => ({ ...before, [key]: true }));
      const reply = await page.send({
        type: 'act',
        container,
        action: actionObject(element, blockId, what, Date.now()),
        state: stateValues(blocks, latest.current, inView),
      });
      setPending(({ [key]: _done, ...rest }) => rest);
      if (!reply.ok) options.onError(reply.error);
    },
    async options(element, blockId, query) {
      const reply = await page.send({
        type: 'options',
        container,
        blockId,
        actionId: asText(element.action_id),
        value: query,
      });
      if (!reply.ok) {
        options.onError(reply.error);
        return [];
      }
      return reply.options ?? [];
    },
    state: () => stateValues(blocks, latest.current, inView),
    entered: () => latest.current,
  };
}

export function isPending(surface: Surface, element: JsonObject, blockId: string): boolean {
  return surface.pending[inputKey(blockId, asText(element.action_id))] === true;
}

/** What a control is called: its input's label, else its placeholder, else what it stands beside. */
export function nameOfElement(element: JsonObject, label: string | undefined): string {
  return label || textOf(element.placeholder) || textOf(element.accessibility_label) || asText(element.action_id);
}
