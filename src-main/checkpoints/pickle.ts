/**
 * A reader for Python's pickles that can do nothing but build containers and tensors: numbers, texts, lists, tuples, dicts, and
 * the few names of PyTorch that a state_dict is made of. Whatever else a pickle asks for is refused by name before anything of it is
 * made; nothing is ever called. Opcodes after Python's pickletools, protocols 0 to 5.
 */

/** What a pickle asks for that is no tensor and no container. */
export class ForbiddenPickle extends Error {
  readonly what: string;

  constructor(what: string) {
    super(`the pickle asks for ${what}`);
    this.what = what;
  }
}

/** A pickle that ends too early or says what cannot be. */
export class DamagedPickle extends Error {}

/** A name that a pickle refers to, as `module.name`. */
export class PickleName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleName
  | PickleTuple
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | object;

/** A Python tuple: told from a list, since only a tuple can be an argument list. */
export class PickleTuple {
  readonly items: PickleValue[];

  constructor(items: PickleValue[]) {
    this.items = items;
  }
}

/** What the reader of a certain kind of pickle knows to make. */
export interface PickleMaker {
  /** The names it allows; any other is refused. */
  allows(name: string): boolean;
  /** What a name called with arguments is. Never runs anything of the file. Throws ForbiddenPickle. */
  make(name: string, args: PickleValue[]): PickleValue;
  /** What a persistent id stands for. */
  persistent(id: PickleValue): PickleValue;
}

const mark = Symbol('mark');
type Slot = PickleValue | typeof mark;

/** Values that one pickle may hold: far more than any model has tensors. */
const mostValues = 5_000_000;

/**
 * Reads the pickle at `at`. Gives its value and where it ended.
 * @throws ForbiddenPickle, DamagedPickle
 */
export function readPickle(
  bytes: Buffer,
  at: number,
  maker: PickleMaker,
): { value: PickleValue; end: number } {
  return new Reader(bytes, at, maker).read();
}

class Reader {
  readonly #bytes: Buffer;
  readonly #maker: PickleMaker;
  readonly #stack: Slot[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at: number;
  #values = 0;

  constructor(bytes: Buffer, at: number, maker: PickleMaker) {
    this.#bytes = bytes;
    this.#at = at;
    this.#maker = maker;
  }

  read(): { value: PickleValue; end: number } {
    for (;;) {
      const opcode = this.#byte();
      if (opcode === 0x2e) return { value: this.#pop(), end: this.#at };
      this.#perform(opcode);
      if (++this.#values > mostValues) throw new DamagedPickle('it holds too many values');
    }
  }

  #perform(opcode: number): void {
    const simple = this.#constant(opcode);
    if (simple !== undefined) {
      this.#stack.push(simple);
      return;
    }
    switch (String.fromCharCode(opcode)) {
      case '\x80': // PROTO
        if (this.#byte() > 5) throw new DamagedPickle('its protocol is newer than 5');
        return;
      case '\x95': // FRAME
        this.#take(8);
        return;
      case '(':
        this.#stack.push(mark);
        return;
      case '0': // POP
        this.#stack.pop();
        return;
      case '1': // POP_MARK
        this.#untilMark();
        return;
      case '2': // DUP
        this.#stack.push(this.#top());
        return;
      case 'l': // LIST
        this.#stack.push(this.#untilMark());
        return;
      case 'd': // DICT
        this.#stack.push(entries(new Map(), this.#untilMark()));
        return;
      case 't':
        this.#stack.push(new PickleTuple(this.#untilMark()));
        return;
      case '\x85':
      case '\x86':
      case '\x87': {
        const items = Array.from({ length: opcode - 0x84 }, () => this.#pop()).reverse();
        this.#stack.push(new PickleTuple(items));
        return;
      }
      case 'a': {
        const item = this.#pop();
        this.#list().push(item);
        return;
      }
      case 'e': {
        const items = this.#untilMark();
        const list = this.#list();
        for (const item of items) list.push(item);
        return;
      }
      case 's': {
        const value = this.#pop();
        const key = this.#pop();
        entries(this.#dict(), [key, value]);
        return;
      }
      case 'u': {
        const items = this.#untilMark();
        entries(this.#dict(), items);
        return;
      }
      case 'p': // PUT
        this.#memo.set(Number(this.#line()), this.#top());
        return;
      case 'q': // BINPUT
        this.#memo.set(this.#byte(), this.#top());
        return;
      case 'r': // LONG_BINPUT
        this.#memo.set(this.#take(4).readUInt32LE(), this.#top());
        return;
      case '\x94': // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top());
        return;
      case 'g':
        this.#stack.push(this.#remembered(Number(this.#line())));
        return;
      case 'h':
        this.#stack.push(this.#remembered(this.#byte()));
        return;
      case 'j':
        this.#stack.push(this.#remembered(this.#take(4).readUInt32LE()));
        return;
      case 'c': // GLOBAL
        this.#stack.push(this.#named(this.#line(), this.#line()));
        return;
      case '\x93': {
        const name = this.#pop();
        const module = this.#pop();
        this.#stack.push(this.#named(textOf(module), textOf(name)));
        return;
      }
      case 'R': {
        const args = this.#pop();
        const called = this.#pop();
        if (!(called instanceof PickleName) || !(args instanceof PickleTuple)) {
          throw new DamagedPickle('it calls what is no name');
        }
        this.#stack.push(this.#maker.make(called.name, args.items));
        return;
      }
      case 'b': {
        // What BUILD would set on an object: PyTorch's version notes on a state_dict. Left out; only a container can be told such.
        this.#pop();
        if (!(this.#top() instanceof Map)) throw new ForbiddenPickle('an object of its own kind (BUILD)');
        return;
      }
      case 'Q': // BINPERSID
        this.#stack.push(this.#maker.persistent(this.#pop()));
        return;
      case 'P': // PERSID
        this.#stack.push(this.#maker.persistent(this.#line()));
        return;
      default:
        throw new ForbiddenPickle(`the operation 0x${opcode.toString(16).padStart(2, '0')}`);
    }
  }

  /** Values that an opcode gives by itself; undefined for other opcodes. */
  #constant(opcode: number): PickleValue | undefined {
    switch (String.fromCharCode(opcode)) {
      case 'N':
        return null;
      case '\x88':
        return true;
      case '\x89':
        return false;
      case ']':
        return [];
      case '}':
        return new Map();
      case ')':
        return new PickleTuple([]);
      case 'K':
        return this.#byte();
      case 'M':
        return this.#take(2).readUInt16LE();
      case 'J':
        return this.#take(4).readInt32LE();
      case 'I':
      case 'L':
        return this.#integerLine();
      case '\x8a':
        return littleEndian(this.#take(this.#byte()));
      case '\x8b':
        return littleEndian(this.#take(this.#length(this.#take(4).readInt32LE())));
      case 'G':
        return this.#take(8).readDoubleBE();
      case 'F':
        return Number(this.#line());
      case 'X':
        return this.#take(this.#take(4).readUInt32LE()).toString('utf8');
      case '\x8c':
        return this.#take(this.#byte()).toString('utf8');
      case '\x8d':
        return this.#take(this.#length(Number(this.#take(8).readBigUInt64LE()))).toString('utf8');
      case 'V':
        return this.#line();
      case 'U':
        return this.#take(this.#byte()).toString('latin1');
      case 'T':
        return this.#take(this.#length(this.#take(4).readInt32LE())).toString('latin1');
      case 'B':
        return new Uint8Array(this.#take(this.#take(4).readUInt32LE()));
      case 'C':
        return new Uint8Array(this.#take(this.#byte()));
      default:
        return undefined;
    }
  }

  #named(module: string, name: string): PickleName {
    const full = `${module}.${name}`;
    if (!this.#maker.allows(full)) throw new ForbiddenPickle(`"${printable(full)}"`);
    return new PickleName(full);
  }

  #remembered(index: number): PickleValue {
    const value = this.#memo.get(index);
    if (value === undefined) throw new DamagedPickle('it refers to a value that it does not hold');
    return value;
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark)
      throw new DamagedPickle('it takes a value that it does not hold');
    return value as PickleValue;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #untilMark(): PickleValue[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw new DamagedPickle('it ends a list that it never began');
    const items = this.#stack.splice(start) as PickleValue[];
    items.shift();
    return items;
  }

  #list(): PickleValue[] {
    const list = this.#top();
    if (!Array.isArray(list)) throw new DamagedPickle('it appends to what is no list');
    return list;
  }

  #dict(): Map<PickleValue, PickleValue> {
    const dict = this.#top();
    if (!(dict instanceof Map)) throw new DamagedPickle('it sets an entry of what is no dict');
    return dict;
  }

  #byte(): number {
    return this.#take(1).readUInt8();
  }

  #length(bytes: number): number {
    if (!(bytes >= 0)) throw new DamagedPickle('it holds a negative length');
    return bytes;
  }

  #take(bytes: number): Buffer {
    if (this.#at + bytes > this.#bytes.length) throw new DamagedPickle('it is cut short');
    const taken = this.#bytes.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    return taken;
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new DamagedPickle('it is cut short');
    const line = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return line;
  }

  #integerLine(): PickleValue {
    const line = this.#line().replace(/L$/, '');
    if (line === '00' || line === '01') return line === '01';
    const value = Number(line);
    if (!Number.isInteger(value)) throw new DamagedPickle('it holds a number that is none');
    return value;
  }
}

function entries(dict: Map<PickleValue, PickleValue>, items: PickleValue[]): Map<PickleValue, PickleValue> {
  if (items.length % 2 !== 0) throw new DamagedPickle('it holds a key without its value');
  for (let index = 0; index < items.length; index += 2) {
    dict.set(items[index] as PickleValue, items[index + 1] as PickleValue);
  }
  return dict;
}

function littleEndian(bytes: Buffer): number | bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--)
    value = (value << 8n) | BigInt(bytes[index] as number);
  const signed = bytes.length > 0 ? BigInt.asIntN(bytes.length * 8, value) : 0n;
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

function textOf(value: PickleValue): string {
  if (typeof value !== 'string') throw new DamagedPickle('a name in it is no text');
  return value;
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
