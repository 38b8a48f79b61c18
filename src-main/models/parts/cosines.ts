/**
 * The cosines of the discrete cosine transform (DCT-II) over `extent` places, `[count, extent]`, each of length 1: by recurrence from
 * cos(pi / extent), which half angles give, so that every machine has the same numbers. `extent` is a power of two.
 *
 * @throws RangeError for another extent, or more cosines than places.
 */
export function cosines(count: number, extent: number): Float64Array {
  if (extent < 1 || !Number.isInteger(Math.log2(extent)) || count > extent) {
    throw new RangeError(`There are no ${count} cosines over ${extent} places: a power of two is needed.`);
  }
  const basis = new Float64Array(count * extent);
  for (let place = 0; place < extent; place++) {
    // Place p is at the angle pi (2 p + 1) / (2 extent).
    const turn = multiple(halved(extent), 2 * place + 1);
    let [before, now] = [turn, 1];
    for (let order = 0; order < count; order++) {
      basis[order * extent + place] = now * Math.sqrt((order === 0 ? 1 : 2) / extent);
      [before, now] = [now, 2 * turn * now - before];
    }
  }
  return basis;
}

/** cos(pi / (2 extent)). */
function halved(extent: number): number {
  let cosine = -1;
  for (let angle = 1; angle < 2 * extent; angle *= 2) cosine = Math.sqrt((1 + cosine) / 2);
  return cosine;
}

/** cos(n a) of cos(a), n at least 1. */
function multiple(cosine: number, times: number): number {
  let [before, now] = [1, cosine];
  for (let at = 1; at < times; at++) [before, now] = [now, 2 * cosine * now - before];
  return now;
}
