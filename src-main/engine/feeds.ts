import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { elementCount } from './capture/graph.ts';
import type { EntryPoint, FeedSpec, FeedValue, OutputValue } from './program.ts';
import type { StateEntry, StateRegistry } from './state.ts';

/** A feed as flat numbers of its declared type, checked against its spec. */
export function feedValues(
  entry: string,
  name: string,
  spec: FeedSpec,
  value: FeedValue | undefined,
): Float32Array | Int32Array {
  const count = elementCount(spec.shape);
  const dtype = spec.dtype ?? 'float32';
  if (typeof value === 'number' && count === 1) {
    return dtype === 'int32' ? Int32Array.of(value) : Float32Array.of(value);
  }
  const expected = dtype === 'int32' ? Int32Array : Float32Array;
  if (!(value instanceof expected) || value.length !== count) {
    const given =
      value === undefined ? 'nothing' : typeof value === 'number' ? 'a number' : `${value.length} numbers`;
    throw new ResynthError('engine/feed-mismatch', {
      entry,
      feed: name,
      expected: `${dtype} [${spec.shape.join(', ')}]`,
      given,
    });
  }
  return value;
}

/** The entry point of that name, with every feed given known to it. */
export function findEntry(
  entries: Record<string, EntryPoint>,
  name: string,
  feeds: Record<string, FeedValue>,
): EntryPoint {
  const entry = entries[name];
  if (!entry)
    throw new ResynthError('engine/entry-unknown', { entry: name, known: Object.keys(entries).join(', ') });
  for (const feed of Object.keys(feeds)) {
    if (!(feed in entry.feeds)) {
      throw new ResynthError('engine/feed-mismatch', {
        entry: name,
        feed,
        expected: 'no such feed',
        given: 'a value',
      });
    }
  }
  return entry;
}

/** The registered variable that a saved value belongs to; its shape and type must fit. */
export function findState(state: StateRegistry, name: string, value: OutputValue): StateEntry {
  const entry = state.get(name);
  const shape = entry?.variable.shape.join(', ');
  const typed =
    entry?.variable.dtype === 'int32' ? value.data instanceof Int32Array : value.data instanceof Float32Array;
  if (
    !entry ||
    shape !== value.shape.join(', ') ||
    !typed ||
    value.data.length !== elementCount(value.shape)
  ) {
    throw new ResynthError('engine/state-mismatch', {
      name,
      expected: entry ? `${entry.variable.dtype} [${shape}]` : 'no such variable',
      given: `[${value.shape.join(', ')}]`,
    });
  }
  return entry;
}
