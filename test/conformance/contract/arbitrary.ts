import fc, { type Arbitrary } from 'fast-check';
import type { z } from 'zod';

/** What zod's checks ask of a number, or of the length of a text or a list. */
interface Bounds {
  low?: number;
  high?: number;
  whole: boolean;
  pattern?: RegExp;
}

/** Values that a schema takes, for any schema of the contract: a kind that is not known here fails the suite by name. */
export function arbitraryOf(schema: z.core.$ZodType): Arbitrary<unknown> {
  return valuesOf(schema as z.core.$ZodTypes).filter((value) => accepts(schema, value));
}

/** The same `count` values in every process. */
export function samplesOf(schema: z.core.$ZodType, count: number): unknown[] {
  return fc.sample(arbitraryOf(schema), { numRuns: count, seed: 20 });
}

function valuesOf(schema: z.core.$ZodTypes): Arbitrary<unknown> {
  const { def } = schema._zod;
  const inner = (one: z.core.SomeType): Arbitrary<unknown> => valuesOf(one as z.core.$ZodTypes);
  switch (def.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(def.shape).map(([key, field]) => [key, inner(field)])),
        { noNullPrototype: true },
      );
    case 'optional':
    case 'default':
      return fc.option(inner(def.innerType), { nil: undefined });
    case 'nullable':
      return fc.option(inner(def.innerType), { nil: null });
    case 'string':
      return stringsOf(boundsOf(schema)).filter((value) => accepts(schema, value));
    case 'number':
      return numbersOf(boundsOf(schema)).filter((value) => accepts(schema, value));
    case 'boolean':
      return fc.boolean();
    case 'undefined':
      return fc.constant(undefined);
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'array':
      return listsOf(inner(def.element), boundsOf(schema));
    case 'tuple':
      return fc.tuple(...def.items.map(inner));
    case 'union':
      return fc.oneof(...def.options.map(inner));
    case 'record':
      return fc.dictionary(
        inner(def.keyType).filter((key) => key !== '__proto__') as Arbitrary<string>,
        inner(def.valueType),
        { maxKeys: 4, noNullPrototype: true },
      );
    case 'unknown':
      return anyValue();
    case 'custom':
      return binaryOf((schema as z.ZodCustom).meta()?.binary);
    default:
      throw new Error(`the suite has no values for a schema of type ${def.type}: add them here`);
  }
}

/** Whatever the codec carries. */
export function anyValue(): Arbitrary<unknown> {
  return fc
    .anything({
      withBigInt: true,
      withTypedArray: true,
      withSparseArray: true,
      maxDepth: 3,
      maxKeys: 4,
    })
    .filter((value) => value !== undefined);
}

function accepts(schema: z.core.$ZodType, value: unknown): boolean {
  return (schema as z.ZodType).safeParse(value).success;
}

function boundsOf(schema: z.core.$ZodTypes): Bounds {
  const { def: own } = schema._zod;
  const bounds: Bounds = { whole: own.type === 'number' && 'format' in own };
  for (const check of schema._zod.def.checks ?? []) {
    const def = check._zod.def as z.core.$ZodChecks['_zod']['def'];
    if (def.check === 'greater_than') bounds.low = Number(def.value);
    else if (def.check === 'less_than') bounds.high = Number(def.value);
    else if (def.check === 'min_length') bounds.low = def.minimum;
    else if (def.check === 'max_length') bounds.high = def.maximum;
    else if (def.check === 'number_format') bounds.whole = true;
    else if (def.check === 'string_format' && def.pattern) bounds.pattern = def.pattern;
  }
  return bounds;
}

// What is hard to carry, among what is common; all of Unicode takes seconds to set up.
const character = fc.constantFrom(
  ...'ab 0/"\\{}$',
  'é',
  'ß',
  '語',
  '🎧',
  '\u0000',
  '\u2028',
  '\ufeff',
  '\ud800',
);

function stringsOf({ low = 0, high = 12, pattern }: Bounds): Arbitrary<string> {
  if (pattern) return fc.stringMatching(pattern);
  return fc.string({ unit: character, minLength: low, maxLength: Math.min(high, low + 40) });
}

function listsOf(element: Arbitrary<unknown>, { low = 0, high = low + 4 }: Bounds): Arbitrary<unknown[]> {
  return fc.array(element, { minLength: low, maxLength: Math.min(high, low + 20) });
}

function numbersOf({ low, high, whole }: Bounds): Arbitrary<number> {
  if (whole)
    return fc.integer({ min: Math.ceil(low ?? -1000), max: Math.floor(high ?? (low ?? 0) + 100_000) });
  return fc.double({
    ...(low === undefined ? {} : { min: low }),
    ...(high === undefined ? {} : { max: high }),
    noNaN: true,
    noDefaultInfinity: true,
  });
}

function binaryOf(kind: unknown): Arbitrary<unknown> {
  switch (kind) {
    case 'Float32Array':
      return fc.float32Array({ maxLength: 20 });
    case 'Float64Array':
      return fc.float64Array({ maxLength: 20 });
    case 'Int32Array':
      return fc.int32Array({ maxLength: 20 });
    case 'Uint8Array':
      return fc.uint8Array({ maxLength: 20 });
    case 'number':
      return fc.double();
    default:
      throw new Error(`the suite has no values for the custom schema ${String(kind)}: add them here`);
  }
}
