import { crc32 } from 'node:zlib';

/** A file of an archive: what it is called in it, and its bytes in pieces. */
export interface ZipContent {
  name: string;
  pieces: readonly Uint8Array[];
}

/** 1 January 1980, the first day that the format knows: the same content gives the same bytes. */
const dosDate = (1 << 5) | 1;
const versionNeeded = 20;
/** Without zip64, sizes and offsets have 32 bits. */
const mostBytes = 0xffff_ffff;

/**
 * A zip archive of stored (not deflated) files as pieces in order, after PKWARE's APPNOTE 6.3; the files' own memory is not copied.
 * Numbers hardly get smaller by deflating, and numpy stores its `.npz` so too.
 *
 * @throws RangeError where it would have more than 65,535 files or 4 GB.
 */
export function encodeZip(files: readonly ZipContent[]): Uint8Array[] {
  if (files.length > 0xffff) throw new RangeError(`a zip archive has no room for ${files.length} files`);
  const archive: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, pieces } of files) {
    const common = commonHeader(name, pieces);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name)]);
    // Of a system of its own (3: Unix), without a comment; then where it lies.
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, versionNeeded, 3]), common, rest, Buffer.from(name));
    archive.push(local, ...pieces);
    offset += local.length + bytesOf(pieces);
    checkSize(offset);
  }
  const directoryBytes = bytesOf(directory);
  checkSize(offset + directoryBytes);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(offset, 16);
  return [...archive, ...directory, end];
}

/** What the header before a file and its entry in the directory have alike. */
function commonHeader(name: string, pieces: readonly Uint8Array[]): Buffer {
  const bytes = bytesOf(pieces);
  const header = Buffer.alloc(26);
  header.writeUInt16LE(versionNeeded, 0);
  // Bit 11: the name is UTF-8.
  header.writeUInt16LE(1 << 11, 2);
  header.writeUInt16LE(dosDate, 8);
  header.writeUInt32LE(
    pieces.reduce((sum, piece) => crc32(piece, sum), 0),
    10,
  );
  header.writeUInt32LE(bytes, 14);
  header.writeUInt32LE(bytes, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function checkSize(bytes: number): void {
  if (bytes > mostBytes) throw new RangeError('a zip archive of more than 4 GB needs zip64');
}
