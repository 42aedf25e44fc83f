/** The manifests of `templates/`, parsed once. Values are filled in leaf by leaf, so none can become structure. */
import type { Json, KubeObject } from '../object.ts';

export interface Templates {
  /**
   * The manifest named `name` with every `${parameter}` replaced. A leaf that is nothing but one parameter takes the
   * value's own type; a parameter inside a longer string is put there as text. Throws TemplateError for a name, or a
   * parameter of it, that is not known.
   */
  fill(name: string, parameters: Record<string, Json>): KubeObject;
  names(): string[];
}
