/**
 * An arithmetic coder (I. Witten, R. Neal, J. Cleary, "Arithmetic coding for data compression", Communications of the ACM 1987)
 * under a model that learns as it goes: sender and receiver begin with every symbol alike and count what came, so that nothing
 * but the bits is sent. It is here to say what a discrete code really costs: its bytes are made, and counted.
 */

/** Code values have so many bits; doubles hold their products with counts exactly. */
const precision = 32;
const whole = 2 ** precision;
const half = whole / 2;
const quarter = whole / 4;
/** Counts are halved above this, so that the model follows what changes; far below `quarter`, as the coder needs. */
const mostCounts = 2 ** 18;
const countOfOne = 32;

/** How often each symbol came, and sums of that up to any symbol, both in log2(size) steps (a Fenwick tree). */
class AdaptiveCounts {
  readonly size: number;
  readonly #tree: Float64Array;
  #total = 0;

  constructor(size: number) {
    this.size = size;
    this.#tree = new Float64Array(size + 1);
    for (let symbol = 0; symbol < size; symbol++) this.#add(symbol, 1);
  }

  get total(): number {
    return this.#total;
  }

  /** Counts of all symbols before this one. */
  before(symbol: number): number {
    let sum = 0;
    for (let at = symbol; at > 0; at -= at & -at) sum += this.#tree[at]!;
    return sum;
  }

  /** The symbol whose counts hold the `target`-th of all, counted from 0. */
  symbolAt(target: number): number {
    let at = 0;
    let left = target;
    for (let step = 2 ** Math.floor(Math.log2(this.size)); step >= 1; step /= 2) {
      if (at + step <= this.size && this.#tree[at + step]! <= left) {
        at += step;
        left -= this.#tree[at]!;
      }
    }
    return at;
  }

  came(symbol: number): void {
    this.#add(symbol, countOfOne);
    if (this.#total > mostCounts) this.#halve();
  }

  #add(symbol: number, count: number): void {
    this.#total += count;
    for (let at = symbol + 1; at <= this.size; at += at & -at) this.#tree[at]! += count;
  }

  #halve(): void {
    const counts = Array.from(
      { length: this.size },
      (_, symbol) => this.before(symbol + 1) - this.before(symbol),
    );
    this.#tree.fill(0);
    this.#total = 0;
    for (const [symbol, count] of counts.entries()) this.#add(symbol, Math.ceil(count / 2));
  }
}

/** Codes `symbols`, each a whole number from 0 to `size` - 1. @throws RangeError for any other. */
export function encodeSymbols(symbols: ArrayLike<number>, size: number): Uint8Array {
  const counts = new AdaptiveCounts(size);
  const bits = new BitWriter();
  let [low, high, pending] = [0, whole - 1, 0];
  const put = (bit: 0 | 1): void => {
    bits.write(bit);
    for (; pending > 0; pending--) bits.write(bit === 1 ? 0 : 1);
  };
  for (let at = 0; at < symbols.length; at++) {
    const symbol = symbols[at]!;
    if (!Number.isInteger(symbol) || symbol < 0 || symbol >= size)
      throw new RangeError(`${symbol} is no index of a codebook of ${size}.`);
    [low, high] = narrowed(low, high, counts, symbol);
    counts.came(symbol);
    for (;;) {
      if (high < half) put(0);
      else if (low >= half) {
        put(1);
        low -= half;
        high -= half;
      } else if (low >= quarter && high < half + quarter) {
        pending++;
        low -= quarter;
        high -= quarter;
      } else break;
      low = 2 * low;
      high = 2 * high + 1;
    }
  }
  pending++;
  put(low < quarter ? 0 : 1);
  return bits.bytes();
}

/** The inverse of `encodeSymbols`: the first `count` symbols. */
export function decodeSymbols(bytes: Uint8Array, count: number, size: number): Int32Array {
  const counts = new AdaptiveCounts(size);
  let place = 0;
  // After the end come zeros.
  const next = (): number => {
    const byte = bytes[place >> 3] ?? 0;
    return (byte >> (7 - (place++ & 7))) & 1;
  };
  let value = 0;
  for (let bit = 0; bit < precision; bit++) value = 2 * value + next();
  let [low, high] = [0, whole - 1];
  const symbols = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const range = high - low + 1;
    const target = Math.floor(((value - low + 1) * counts.total - 1) / range);
    const symbol = counts.symbolAt(target);
    symbols[at] = symbol;
    [low, high] = narrowed(low, high, counts, symbol);
    counts.came(symbol);
    for (;;) {
      if (low >= half) {
        value -= half;
        low -= half;
        high -= half;
      } else if (low >= quarter && high < half + quarter) {
        value -= quarter;
        low -= quarter;
        high -= quarter;
      } else if (high >= half) break;
      low = 2 * low;
      high = 2 * high + 1;
      value = 2 * value + next();
    }
  }
  return symbols;
}

/** The part of a range that belongs to a symbol. */
function narrowed(low: number, high: number, counts: AdaptiveCounts, symbol: number): [number, number] {
  const range = high - low + 1;
  const { total } = counts;
  return [
    low + Math.floor((range * counts.before(symbol)) / total),
    low + Math.floor((range * counts.before(symbol + 1)) / total) - 1,
  ];
}

class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;

  write(bit: 0 | 1): void {
    if (this.#bits % 8 === 0) this.#bytes.push(0);
    this.#bytes[this.#bytes.length - 1]! |= bit << (7 - (this.#bits % 8));
    this.#bits++;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
