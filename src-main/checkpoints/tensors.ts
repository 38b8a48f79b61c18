import { DamagedPickle, ForbiddenPickle, PickleName, PickleTuple } from './pickle.ts';
import type { PickleMaker, PickleValue } from './pickle.ts';

/** Kinds of numbers that PyTorch stores, with their size in bytes. */
export const storageTypes = {
  DoubleStorage: 8,
  FloatStorage: 4,
  HalfStorage: 2,
  BFloat16Storage: 2,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
} as const;
export type StorageType = keyof typeof storageTypes;

/** A run of numbers in the file that tensors are views of. */
export class StoredNumbers {
  readonly type: StorageType;
  readonly key: string;
  readonly count: number;

  constructor(type: StorageType, key: string, count: number) {
    this.type = type;
    this.key = key;
    this.count = count;
  }
}

/** A tensor as a pickle describes it: a view of stored numbers. */
export class StoredTensor {
  readonly storage: StoredNumbers;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: StoredNumbers, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }
}

const allowed = new Set([
  'collections.OrderedDict',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_tensor',
  'torch._utils._rebuild_parameter',
  'torch.Size',
  ...Object.keys(storageTypes).map((name) => `torch.${name}`),
]);

/** Makes what a state_dict is made of, and nothing else. */
export const tensorMaker: PickleMaker = {
  allows: (name) => allowed.has(name),
  make(name, args) {
    switch (name) {
      case 'collections.OrderedDict':
        return orderedDict(args);
      case 'torch._utils._rebuild_tensor':
      case 'torch._utils._rebuild_tensor_v2':
        return viewOf(args);
      case 'torch._utils._rebuild_parameter':
        if (args[0] instanceof StoredTensor) return args[0];
        throw new DamagedPickle('a parameter in it is no tensor');
      case 'torch.Size':
        return args[0] instanceof PickleTuple ? args[0] : new PickleTuple(args);
      default:
        throw new ForbiddenPickle(`a call of "${name}"`);
    }
  },
  persistent(id) {
    const [kind, type, key, , count, view] = id instanceof PickleTuple ? id.items : [];
    if (kind !== 'storage' || !(type instanceof PickleName))
      throw new ForbiddenPickle('something outside of the file');
    const name = type.name.replace(/^torch\./, '');
    if (!(name in storageTypes)) throw new ForbiddenPickle(`numbers of the kind "${type.name}"`);
    if (view !== undefined && view !== null) throw new ForbiddenPickle('a view of a storage');
    if (typeof key !== 'string' || !isCount(count))
      throw new DamagedPickle('a storage in it has no name or no size');
    return new StoredNumbers(name as StorageType, key, count);
  },
};

function orderedDict(args: PickleValue[]): Map<PickleValue, PickleValue> {
  const [items] = args;
  if (items === undefined) return new Map();
  if (!Array.isArray(items)) throw new DamagedPickle('a dict in it is made of what is no list');
  return new Map(
    items.map((item) => {
      const pair = item instanceof PickleTuple ? item.items : item;
      if (!Array.isArray(pair) || pair.length !== 2)
        throw new DamagedPickle('a dict in it has an entry that is no pair');
      return pair as [PickleValue, PickleValue];
    }),
  );
}

function viewOf([storage, offset, shape, strides]: PickleValue[]): StoredTensor {
  if (!(storage instanceof StoredNumbers)) throw new DamagedPickle('a tensor in it has no storage');
  const sizes = counts(shape);
  const steps = counts(strides);
  if (!isCount(offset) || sizes.length !== steps.length || sizes.length > 16) {
    throw new DamagedPickle('a tensor in it has no shape');
  }
  const tensor = new StoredTensor(storage, offset, sizes, steps);
  const last = sizes.reduce((sum, extent, axis) => sum + (extent - 1) * (steps[axis] as number), offset);
  if (tensor.size > storage.count || (tensor.size > 0 && last >= storage.count)) {
    throw new DamagedPickle('a tensor in it reaches beyond its storage');
  }
  return tensor;
}

function counts(value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : value;
  if (!Array.isArray(items) || !items.every(isCount)) throw new DamagedPickle('a tensor in it has no shape');
  return items;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
