/**
 * Does `work` for every item of a source, at most `limit` at a time, taking the next item only when there is room: the
 * source may be endless. The first error stops taking items and is thrown once those under way have settled.
 */
export async function forEachBounded<Item>(
  source: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failed = false;
  let failure: unknown;
  try {
    for await (const item of source) {
      const one = work(item)
        .catch((thrown: unknown) => {
          if (!failed) failure = thrown;
          failed = true;
        })
        .finally(() => underWay.delete(one));
      underWay.add(one);
      while (underWay.size >= limit && !failed) await Promise.race(underWay);
      if (failed) break;
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failed) throw failure;
}
