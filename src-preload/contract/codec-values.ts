import { ResynthError } from './errors/error.ts';

/**
 * What stands in a frame's JSON for values that JSON has no word for: an object with the one key `$t`.
 *
 *     {"$t": "nan" | "inf" | "-inf" | "-0" | "undefined"}
 *     {"$t": ["bigint", "123"]}
 *     {"$t": ["f32", 0]}                    attachment 0 as a Float32Array
 *     {"$t": ["object", [["$t", 1]]]}       a real object that has such a key, as entries
 */
const mark = '$t';

/** Deeper than any value of the contract; a cycle or a hostile frame ends here instead of at the end of the stack. */
const maximumDepth = 100;

const bigintPattern = /^-?\d{1,1000}$/;

const arrayKinds = {
  Int8Array: 'i8',
  Uint8Array: 'u8',
  Uint8ClampedArray: 'u8c',
  Int16Array: 'i16',
  Uint16Array: 'u16',
  Int32Array: 'i32',
  Uint32Array: 'u32',
  Float32Array: 'f32',
  Float64Array: 'f64',
  BigInt64Array: 'i64',
  BigUint64Array: 'u64',
} as const;

type ArrayKind = (typeof arrayKinds)[keyof typeof arrayKinds] | 'buffer';

const makers: Record<ArrayKind, (buffer: ArrayBuffer) => unknown> = {
  i8: (buffer) => new Int8Array(buffer),
  u8: (buffer) => new Uint8Array(buffer),
  u8c: (buffer) => new Uint8ClampedArray(buffer),
  i16: (buffer) => new Int16Array(buffer),
  u16: (buffer) => new Uint16Array(buffer),
  i32: (buffer) => new Int32Array(buffer),
  u32: (buffer) => new Uint32Array(buffer),
  f32: (buffer) => new Float32Array(buffer),
  f64: (buffer) => new Float64Array(buffer),
  i64: (buffer) => new BigInt64Array(buffer),
  u64: (buffer) => new BigUint64Array(buffer),
  buffer: (buffer) => buffer,
};

const bytesPerElement: Partial<Record<ArrayKind, number>> = {
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  f64: 8,
  i64: 8,
  u64: 8,
};

/**
 * A value as JSON can write it; its arrays of numbers are added to `attachments`. Parts that need no change are given back
 * as they are, so that a plain value costs one walk and no copy.
 */
export function pack(value: unknown, attachments: ArrayBufferView[]): unknown {
  try {
    return packAt(value, attachments, 0);
  } catch (thrown) {
    throw thrown instanceof Unsendable ? thrown.told() : thrown;
  }
}

/** Collects its path on the way up: most values are sendable, and for them no path is ever built. */
class Unsendable extends Error {
  readonly kind: string;
  readonly path: (string | number)[] = [];

  constructor(kind: string) {
    super(kind);
    this.kind = kind;
  }

  told(): ResynthError {
    const steps = this.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    const where = steps.reverse().join('').replace(/^\./, '');
    return new ResynthError('contract/unsendable', { where: where === '' ? 'it' : where, kind: this.kind });
  }
}

function packAt(value: unknown, attachments: ArrayBufferView[], depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return packNumber(value);
    case 'undefined':
      return { [mark]: 'undefined' };
    case 'bigint':
      return { [mark]: ['bigint', value.toString()] };
    case 'object':
      break;
    default:
      throw new Unsendable(`a ${typeof value}`);
  }
  if (value === null) return null;
  if (depth > maximumDepth) throw new Unsendable('nested too deeply, or holds itself');
  if (Array.isArray(value)) return packArray(value, attachments, depth);
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === 'Object') return packObject(value as Record<string, unknown>, attachments, depth);
  if (tag === 'ArrayBuffer') {
    attachments.push(new Uint8Array(value as ArrayBuffer));
    return { [mark]: ['buffer', attachments.length - 1] };
  }
  if (!Object.hasOwn(arrayKinds, tag)) throw new Unsendable(`a ${tag}`);
  attachments.push(value as ArrayBufferView);
  return { [mark]: [arrayKinds[tag as keyof typeof arrayKinds], attachments.length - 1] };
}

function packNumber(value: number): unknown {
  if (Number.isFinite(value)) return Object.is(value, -0) ? { [mark]: '-0' } : value;
  return { [mark]: Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf' };
}

function packArray(values: readonly unknown[], attachments: ArrayBufferView[], depth: number): unknown {
  let changed: unknown[] | undefined;
  let index = 0;
  try {
    for (; index < values.length; index++) {
      const value = values[index];
      const packed = packAt(value, attachments, depth + 1);
      if (packed !== value && !changed) changed = values.slice(0, index);
      changed?.push(packed);
    }
  } catch (thrown) {
    throw passedThrough(thrown, index);
  }
  return changed ?? values;
}

function packObject(value: Record<string, unknown>, attachments: ArrayBufferView[], depth: number): unknown {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The plain objects of any realm: theirs is the prototype that has none.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new Unsendable(
      `an instance of ${(value.constructor as { name?: string } | undefined)?.name ?? 'a class'}`,
    );
  }
  const keys = Object.keys(value);
  /** Where something changed: the entries before it, and those from it on. */
  let changed: [string, unknown][] | undefined;
  let at = 0;
  try {
    for (; at < keys.length; at++) {
      const key = keys[at] as string;
      const inner = value[key];
      // An absent key and one that is undefined are the same to every schema.
      const packed = inner === undefined ? undefined : packAt(inner, attachments, depth + 1);
      if ((packed !== inner || inner === undefined) && !changed) {
        changed = keys.slice(0, at).map((earlier) => [earlier, value[earlier]]);
      }
      if (inner !== undefined) changed?.push([key, packed]);
    }
  } catch (thrown) {
    throw passedThrough(thrown, keys[at] as string);
  }
  // A key named toJSON holds no function here: those are refused above.
  if (Object.hasOwn(value, mark)) return { [mark]: ['object', changed ?? Object.entries(value)] };
  return changed ? Object.fromEntries(changed) : value;
}

function passedThrough(thrown: unknown, step: string | number): unknown {
  if (thrown instanceof Unsendable) thrown.path.push(step);
  return thrown;
}

/** What `pack` was given, from parsed JSON, which is changed in place. Each attachment is used exactly once. */
export function unpack(packed: unknown, attachments: readonly ArrayBuffer[]): unknown {
  const used = new Set<number>();
  const value = unpackAt(packed, { attachments, used }, 0);
  if (used.size !== attachments.length) throw damaged('it has attachments that belong to nothing');
  return value;
}

interface Unpacking {
  attachments: readonly ArrayBuffer[];
  used: Set<number>;
}

function unpackAt(packed: unknown, state: Unpacking, depth: number): unknown {
  if (typeof packed !== 'object' || packed === null) return packed;
  if (depth > maximumDepth) throw damaged('it is nested too deeply');
  if (Array.isArray(packed)) {
    for (let index = 0; index < packed.length; index++) {
      const inner: unknown = packed[index];
      if (typeof inner === 'object') packed[index] = unpackAt(inner, state, depth + 1);
    }
    return packed;
  }
  if (Object.hasOwn(packed, mark)) return unpackMarked(packed, state, depth);
  const object = packed as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    const inner = object[key];
    if (typeof inner === 'object') setOwn(object, key, unpackAt(inner, state, depth + 1));
  }
  return object;
}

function unpackMarked(packed: object, state: Unpacking, depth: number): unknown {
  const content: unknown = (packed as Record<string, unknown>)[mark];
  if (Object.keys(packed).length !== 1) throw damaged('a marked value has more than its mark');
  switch (content) {
    case 'nan':
      return Number.NaN;
    case 'inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    case '-0':
      return -0;
    case 'undefined':
      return undefined;
  }
  if (!Array.isArray(content) || content.length !== 2) throw damaged('a mark is unknown');
  const [kind, detail] = content as [unknown, unknown];
  if (kind === 'bigint' && typeof detail === 'string' && bigintPattern.test(detail)) return BigInt(detail);
  if (kind === 'object' && Array.isArray(detail)) return unpackEntries(detail, state, depth);
  if (typeof kind === 'string' && typeof detail === 'number' && Object.hasOwn(makers, kind)) {
    return unpackAttachment(kind as ArrayKind, detail, state);
  }
  throw damaged('a mark is unknown');
}

function unpackEntries(entries: unknown[], state: Unpacking, depth: number): object {
  const object = {};
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string') {
      throw damaged('an entry of an object is not one');
    }
    setOwn(object, entry[0], unpackAt(entry[1], state, depth + 1));
  }
  return object;
}

function unpackAttachment(kind: ArrayKind, index: number, state: Unpacking): unknown {
  const buffer = state.attachments[index];
  // Twice the same one would be two values in one memory.
  if (!buffer || state.used.has(index)) throw damaged('an attachment is missing or used twice');
  state.used.add(index);
  if (buffer.byteLength % (bytesPerElement[kind] ?? 1) !== 0) {
    throw damaged('an attachment ends inside a number');
  }
  return makers[kind](buffer);
}

/** Sets a property of the object's own, whatever its name: `__proto__` is data here. */
function setOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function damaged(detail: string): ResynthError {
  return new ResynthError('contract/damaged-frame', { detail });
}
