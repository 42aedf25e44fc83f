/** What a word was read as. */
import type { Json } from '../object.ts';
import type { Phrase } from '../view.ts';

export type Reading = { kind: 'value'; value: Json } | { kind: 'mistake'; says: Phrase };
