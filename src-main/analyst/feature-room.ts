import { open, truncate } from 'node:fs/promises';

/** Where the rows of each recording begin, where each has room for so many. */
export function firstRowsOf(room: readonly number[]): number[] {
  let next = 0;
  return room.map((rows) => {
    const first = next;
    next += rows;
    return first;
  });
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Moves rows together where recordings have fewer than there was room for, and cuts the file there. */
export async function closeRows(
  file: string,
  rows: { firstRows: readonly number[]; counts: readonly number[]; rowBytes: number },
): Promise<void> {
  const { firstRows, counts, rowBytes } = rows;
  const buffer = Buffer.alloc(rowBytes);
  const handle = await open(file, 'r+');
  let next = 0;
  try {
    for (const [place, count] of counts.entries()) {
      for (let at = 0; at < count; at++, next++) {
        const from = (firstRows[place] ?? 0) + at;
        if (from === next) continue;
        for (let read = 0; read < rowBytes;) {
          const { bytesRead } = await handle.read(buffer, read, rowBytes - read, from * rowBytes + read);
          if (bytesRead === 0) throw new Error(`${file} has become shorter while it was read.`);
          read += bytesRead;
        }
        await handle.write(buffer, 0, rowBytes, next * rowBytes);
      }
    }
  } finally {
    await handle.close();
  }
  await truncate(file, next * rowBytes);
}
