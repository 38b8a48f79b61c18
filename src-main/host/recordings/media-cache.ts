/** Pictures and outlines that were asked for of late, by what they show: the page asks again for what it scrolled past. */
export class MediaCache<Value> {
  readonly #mostBytes: number;
  readonly #sizeOf: (value: Value) => number;
  readonly #entries = new Map<string, { value: Promise<Value>; bytes: number }>();
  #bytes = 0;

  constructor(mostBytes: number, sizeOf: (value: Value) => number) {
    this.#mostBytes = mostBytes;
    this.#sizeOf = sizeOf;
  }

  /** The value of a key, made once however many ask for it at a time; a failure is told to all of them and not kept. */
  async get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const entry = { value: make(), bytes: 0 };
    this.#entries.set(key, entry);
    try {
      const value = await entry.value;
      entry.bytes = this.#sizeOf(value);
      this.#bytes += entry.bytes;
      this.#trim(key);
      return value;
    } catch (thrown) {
      this.#entries.delete(key);
      throw thrown;
    }
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  #trim(newest: string): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#mostBytes || key === newest) return;
      this.forget(key);
    }
  }
}
