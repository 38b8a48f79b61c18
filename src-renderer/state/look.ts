/** Something that is asked for once and then looked at. */
export type Look<Value> =
  { state: 'loading' } | { state: 'ready'; value: Value } | { state: 'failed'; error: unknown };
