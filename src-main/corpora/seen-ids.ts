import { hash } from 'node:crypto';

/**
 * Which ids were seen, by 64 bits of their hash: 16 bytes each where a set of the texts would take a hundred. Of a million
 * ids two have the same 64 bits in one of thirty million lists.
 */
export class SeenIds {
  #slots = new BigUint64Array(1 << 12);
  #count = 0;

  /** Takes note of an id; false where it was seen before. */
  add(id: string): boolean {
    const key = keyOf(id);
    const at = this.#place(this.#slots, key);
    if (this.#slots[at] === key) return false;
    this.#slots[at] = key;
    if (++this.#count * 2 > this.#slots.length) this.#grow();
    return true;
  }

  /** Where a key is, or the free slot where it belongs. */
  #place(slots: BigUint64Array, key: bigint): number {
    const mask = slots.length - 1;
    let at = Number(key & BigInt(mask));
    while (slots[at] !== 0n && slots[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#slots.length * 2);
    for (const key of this.#slots) if (key !== 0n) larger[this.#place(larger, key)] = key;
    this.#slots = larger;
  }
}

/** Never 0, which is a free slot. */
function keyOf(id: string): bigint {
  return hash('sha1', id, 'buffer').readBigUInt64LE(0) || 1n;
}
