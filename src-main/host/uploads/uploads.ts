import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { uploadLimits } from '../../../src-preload/contract/commands/uploads.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { asWriteError, shownName } from '../../files/system-errors.ts';
import type { Home } from '../../store/home.ts';

/** Files that pages gave and nobody has kept: of this host's own, gone with it. */

export interface Upload {
  readonly id: string;
  /** As the user knows it. */
  readonly name: string;
  readonly bytes: number;
  /** Where it lies; its extension is that of the name, which decoders go by. */
  readonly file: string;
  received: number;
  usedMs: number;
}

/** At most so many; the one that was not used for longest goes first. */
const mostUploads = 24;
/** Nobody needs one that was not touched for so long. */
const idleMs = 2 * 3600 * 1000;

export class Uploads {
  readonly #folder: string;
  readonly #uploads = new Map<string, Upload>();
  #begun: Promise<void> | undefined;

  constructor(home: Pick<Home, 'media'>) {
    this.#folder = path.join(home.media, 'uploads');
  }

  /**
   * Takes a piece; the first has no `id` yet. Pieces come in order.
   *
   * @throws ResynthError uploads/too-large, uploads/gone, uploads/broken, files/disk-full, files/not-writable.
   */
  async take(request: {
    id?: string | undefined;
    name: string;
    bytes: number;
    offset: number;
    piece: Uint8Array;
  }): Promise<Upload> {
    const { id, name, bytes, offset, piece } = request;
    if (bytes > uploadLimits.fileBytes) throw tooLarge(name, bytes);
    if (piece.length > uploadLimits.pieceBytes) {
      throw new ResynthError('uploads/broken', { name, detail: 'a piece of it is too large' });
    }
    const upload = id === undefined ? await this.#begin(name, bytes) : this.find(id);
    if (offset !== upload.received || offset + piece.length > upload.bytes) {
      await this.discard(upload.id);
      const detail = `${offset + piece.length} bytes came where ${upload.bytes} were announced`;
      throw new ResynthError('uploads/broken', { name, detail });
    }
    try {
      const file = await open(upload.file, offset === 0 ? 'w' : 'a');
      await writeWhole(file, piece);
    } catch (thrown) {
      await this.discard(upload.id);
      throw asWriteError(thrown, upload.file);
    }
    upload.received += piece.length;
    return upload;
  }

  /** @throws ResynthError uploads/gone. */
  find(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (!upload) throw new ResynthError('uploads/gone');
    upload.usedMs = Date.now();
    return upload;
  }

  /** One that is all here. @throws ResynthError uploads/gone, uploads/broken. */
  whole(id: string): Upload {
    const upload = this.find(id);
    if (upload.received === upload.bytes) return upload;
    const detail = `${upload.received} of ${upload.bytes} bytes are here`;
    throw new ResynthError('uploads/broken', { name: upload.name, detail });
  }

  /** False where it was gone already. */
  async discard(id: string): Promise<boolean> {
    const upload = this.#uploads.get(id);
    if (!upload) return false;
    this.#uploads.delete(id);
    await rm(upload.file, { force: true });
    return true;
  }

  async #begin(name: string, bytes: number): Promise<Upload> {
    this.#begun ??= this.#makeFolder().catch((thrown: unknown) => {
      this.#begun = undefined;
      throw asWriteError(thrown, this.#folder);
    });
    await this.#begun;
    await this.#makeRoom();
    const id = randomBytes(12).toString('hex');
    const extension = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? '';
    const file = path.join(this.#folder, `${id}${extension}`);
    const upload: Upload = { id, name: shownName(name), bytes, file, received: 0, usedMs: Date.now() };
    this.#uploads.set(id, upload);
    return upload;
  }

  /** One process owns a data folder: what lies here is of one that was killed. */
  async #makeFolder(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true });
    process.once('exit', () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  async #makeRoom(): Promise<void> {
    const oldest = [...this.#uploads.values()].sort((one, other) => one.usedMs - other.usedMs);
    const surplus = oldest.length + 1 - mostUploads;
    for (const [at, { id, usedMs }] of oldest.entries()) {
      if (at < surplus || Date.now() - usedMs > idleMs) await this.discard(id);
    }
  }
}

const kept = new WeakMap<Home, Uploads>();

/** The uploads of the host of a data folder. */
export function uploadsOf({ home }: { home: Home }): Uploads {
  const known = kept.get(home);
  if (known) return known;
  const uploads = new Uploads(home);
  kept.set(home, uploads);
  return uploads;
}

function tooLarge(name: string, bytes: number): ResynthError {
  return new ResynthError('uploads/too-large', {
    name: shownName(name),
    sizeMb: Math.round(bytes / 1e6),
    mostMb: Math.round(uploadLimits.fileBytes / 1e6),
  });
}

async function writeWhole(file: FileHandle, piece: Uint8Array): Promise<void> {
  try {
    await file.writeFile(piece);
  } finally {
    await file.close();
  }
}
