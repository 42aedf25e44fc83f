/** How components write markup: htm bound to preact. Values become text nodes or attributes, never HTML. */
import htm from 'htm';
import { h, type VNode } from 'preact';

/** htm's own types describe a CommonJS module; the browser is given its ES module. */
type Bindable = {
  bind(create: typeof h): (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
};

export const html = (htm as unknown as Bindable).bind(h);
