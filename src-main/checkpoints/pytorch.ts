import { readFile, stat } from 'node:fs/promises';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { systemDetail } from '../files/system-errors.ts';
import { listZip, readZipEntry } from '../files/zip.ts';
import type { ZipEntry } from '../files/zip.ts';
import { numbersOf } from './numbers.ts';
import { DamagedPickle, ForbiddenPickle, PickleTuple, readPickle } from './pickle.ts';
import type { PickleValue } from './pickle.ts';
import { StoredNumbers, StoredTensor, storageTypes, tensorMaker } from './tensors.ts';

/** A tensor of a checkpoint, as float32 in row-major order. */
export interface CheckpointTensor {
  shape: readonly number[];
  data: Float32Array;
}

/** More than this is not read into memory. */
const largestBytes = 2 ** 31 - 1;

/** `0x1950a86a20f9469cfc6c`: the number that the older of PyTorch's formats begins with, as a pickle. */
const legacyMagic = 0x1950a86a20f9469cfc6cn;

/**
 * The named tensors of a PyTorch checkpoint in their order: the format of today (a zip) and the one before 1.6 (pickles in a
 * row). What holds a state_dict beside other things (`model_state_dict`, `state_dict`, `model`) is looked into. Nothing of the file
 * is run: what is no tensor and no container is refused by name.
 * @throws ResynthError checkpoints/*; files/archive-corrupt; what reading a file gives.
 */
export async function readPyTorch(file: string): Promise<Map<string, CheckpointTensor>> {
  const bytes = await readWhole(file);
  try {
    const read = isZip(bytes) ? await readZip(file) : readLegacy(file, bytes);
    return tensorsOf(file, read);
  } catch (error) {
    if (error instanceof ForbiddenPickle) {
      throw new ResynthError('checkpoints/forbidden', { file, what: error.what }, { cause: error });
    }
    if (error instanceof DamagedPickle) {
      throw new ResynthError('checkpoints/damaged', { file, detail: error.message }, { cause: error });
    }
    throw error;
  }
}

interface ReadCheckpoint {
  root: PickleValue;
  /** The bytes of each storage. */
  storages(storage: StoredNumbers): Buffer;
}

async function readWhole(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > largestBytes) {
      throw new ResynthError('checkpoints/not-pytorch', {
        file,
        detail: `it has ${size} bytes, more than 2 GB`,
      });
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof ResynthError) throw error;
    throw new ResynthError('checkpoints/unreadable', { file, detail: systemDetail(error) }, { cause: error });
  }
}

function isZip(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]));
}

async function readZip(file: string): Promise<ReadCheckpoint> {
  const entries = await listZip(file);
  const pickle = entries.find(({ name }) => name.endsWith('/data.pkl') || name === 'data.pkl');
  if (!pickle)
    throw new ResynthError('checkpoints/not-pytorch', { file, detail: 'there is no data.pkl in it' });
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const order = byName.get(`${folder}byteorder`);
  if (order && (await readZipEntry(file, order, 64)).toString('latin1').trim() === 'big') {
    throw new ResynthError('checkpoints/not-pytorch', { file, detail: 'its numbers are big-endian' });
  }
  const { value } = readPickle(await readZipEntry(file, pickle, largestBytes), 0, tensorMaker);
  const stored = new Map<string, Buffer>();
  for (const storage of storagesIn(value)) {
    const entry: ZipEntry | undefined = byName.get(`${folder}data/${storage.key}`);
    if (!entry) throw new DamagedPickle(`the numbers of storage ${storage.key} are missing`);
    if (!stored.has(storage.key)) stored.set(storage.key, await readZipEntry(file, entry, largestBytes));
  }
  return { root: value, storages: ({ key }) => stored.get(key) as Buffer };
}

function readLegacy(file: string, bytes: Buffer): ReadCheckpoint {
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, at, tensorMaker);
    at = end;
    return value;
  };
  const magic = bytes[0] === 0x80 ? next() : null;
  if (magic !== legacyMagic) {
    throw new ResynthError('checkpoints/not-pytorch', {
      file,
      detail: 'it begins as neither of its two formats does',
    });
  }
  if (next() !== 1001) throw new DamagedPickle('its version of the format is unknown');
  const system = next();
  if (system instanceof Map && system.get('little_endian') === false) {
    throw new ResynthError('checkpoints/not-pytorch', { file, detail: 'its numbers are big-endian' });
  }
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) throw new DamagedPickle('the list of its storages is missing');
  const known = new Map([...storagesIn(root)].map((storage) => [storage.key, storage]));
  const stored = new Map<string, Buffer>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? known.get(key) : undefined;
    if (!storage) throw new DamagedPickle('it holds numbers that no tensor has');
    if (at + 8 > bytes.length) throw new DamagedPickle('it is cut short');
    const count = Number(bytes.readBigInt64LE(at));
    at += 8;
    const length = count * storageTypes[storage.type];
    if (count !== storage.count || at + length > bytes.length) throw new DamagedPickle('it is cut short');
    stored.set(storage.key, bytes.subarray(at, at + length));
    at += length;
  }
  return {
    root,
    storages({ key }) {
      const found = stored.get(key);
      if (!found) throw new DamagedPickle(`the numbers of storage ${key} are missing`);
      return found;
    },
  };
}

/** Every storage that a value refers to, however deep. */
function* storagesIn(root: PickleValue): Generator<StoredNumbers> {
  const pending: PickleValue[] = [root];
  const seen = new Set<PickleValue>();
  while (pending.length > 0) {
    const value = pending.pop() as PickleValue;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof StoredTensor) yield value.storage;
    else if (value instanceof Map) pending.push(...value.values());
    else if (value instanceof PickleTuple) pending.push(...value.items);
    else if (Array.isArray(value)) pending.push(...value);
  }
}

/** Where a state_dict lies in what is often saved around it. */
const wrappers = ['state_dict', 'model_state_dict', 'model', 'net'];

function tensorsOf(file: string, { root, storages }: ReadCheckpoint): Map<string, CheckpointTensor> {
  const dict = stateDict(root);
  if (!dict) throw new ResynthError('checkpoints/no-tensors', { file });
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, value] of dict) {
    if (typeof name !== 'string' || !(value instanceof StoredTensor)) continue;
    tensors.set(name, { shape: value.shape, data: numbersOf(value, storages(value.storage)) });
  }
  return tensors;
}

function stateDict(root: PickleValue): Map<PickleValue, PickleValue> | null {
  if (!(root instanceof Map)) return null;
  if ([...root.values()].some((value) => value instanceof StoredTensor)) return root;
  for (const name of wrappers) {
    const inner = root.get(name);
    const found = inner === undefined ? null : stateDict(inner);
    if (found) return found;
  }
  return null;
}
