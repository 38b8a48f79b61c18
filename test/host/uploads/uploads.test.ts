import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import { handleUploadsDiscard, handleUploadsPut } from '../../../src-main/host/uploads/commands.ts';
import { Uploads, uploadsOf } from '../../../src-main/host/uploads/uploads.ts';
import { handleVoiceExamine, handleVoiceKeep } from '../../../src-main/host/voice/commands.ts';
import { uploadLimits, uploadsPut } from '../../../src-preload/contract/commands/uploads.ts';
import { voiceLimits } from '../../../src-preload/contract/commands/voice.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { contextOf, openServices } from '../datasets/dataset-services.ts';

const wav = (sec: number): Uint8Array<ArrayBuffer> =>
  encodeWav(
    [Float32Array.from({ length: Math.round(8000 * sec) }, (_, n) => 0.3 * Math.sin(n / 3))],
    8000,
    'pcm16',
  ).bytes;

async function host() {
  const services = await openServices();
  const context = contextOf(services);
  const send = (input: object) => handleUploadsPut(uploadsPut.input.parse(input), context);
  /** All of a file, in pieces of `size`. */
  const sendAll = async (name: string, bytes: Uint8Array<ArrayBuffer>, size = uploadLimits.pieceBytes) => {
    let answer: Awaited<ReturnType<typeof send>> | undefined;
    for (let offset = 0; offset < bytes.length || offset === 0; offset += size) {
      const piece = bytes.slice(offset, offset + size);
      const known = answer ? { upload: answer.upload } : {};
      answer = await send({ name, bytes: bytes.length, offset, piece, ...known });
    }
    return answer!;
  };
  const folder = path.join(services.home.media, 'uploads');
  const examine = (upload: string) => handleVoiceExamine({ upload }, context);
  return { services, context, send, sendAll, examine, folder };
}

describe('an upload', () => {
  it('comes in pieces, and is told what it is', async () => {
    const { services, sendAll, examine } = await host();
    const bytes = wav(1.5);
    const { upload, received } = await sendAll('mine.wav', bytes, 10_000);
    expect(received).toBe(bytes.length);
    expect(await examine(upload)).toMatchObject({ durationSec: 1.5, sampleRateHz: 8000, channels: 1 });
    expect(new Uint8Array(await readFile(uploadsOf(services).whole(upload).file))).toEqual(bytes);
  });

  it('is refused by name where it is no audio, and thrown away', async () => {
    const { sendAll, examine, folder } = await host();
    const text = new Uint8Array(Buffer.from('this is a letter, not a recording of anything at all'));
    const letter = await sendAll('letter.wav', text);
    await expect(examine(letter.upload)).rejects.toMatchObject({
      code: 'audio/not-audio',
      message: expect.stringContaining('letter.wav') as string,
    });
    const empty = await sendAll('empty.wav', new Uint8Array(0));
    await expect(examine(empty.upload)).rejects.toMatchObject({
      code: 'audio/empty',
      params: { file: 'empty.wav' },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused where it is too large or too long, with the remedy', async () => {
    const { send, sendAll, examine } = await host();
    const bytes = uploadLimits.fileBytes + 1;
    await expect(send({ name: 'big.wav', bytes, offset: 0, piece: new Uint8Array(4) })).rejects.toMatchObject(
      {
        code: 'uploads/too-large',
        message: expect.stringContaining('big.wav') as string,
        remedy: expect.stringContaining('command line') as string,
      },
    );
    // At 8 kHz so long a recording has some 10 MB: it is small enough, and too long.
    const long = await sendAll('long.wav', wav(voiceLimits.recordingSec + 1));
    await expect(examine(long.upload)).rejects.toMatchObject({
      code: 'voice/too-long',
      params: { name: 'long.wav', durationSec: voiceLimits.recordingSec + 1 },
    });
  });

  it('whose pieces do not fit together is thrown away', async () => {
    const { send, folder } = await host();
    const first = { name: 'a.wav', bytes: 10, offset: 0, piece: new Uint8Array(4) };
    const { upload } = await send(first);
    await expect(send({ ...first, upload, offset: 5 })).rejects.toMatchObject({
      code: 'uploads/broken',
    });
    await expect(send({ ...first, upload, offset: 4 })).rejects.toMatchObject({ code: 'uploads/gone' });
    const other = await send(first);
    const more = { ...first, upload: other.upload, offset: 4, piece: new Uint8Array(7) };
    await expect(send(more)).rejects.toMatchObject({ code: 'uploads/broken' });
    await expect(
      send({ ...first, bytes: 4 << 20, piece: new Uint8Array(uploadLimits.pieceBytes + 1) }),
    ).rejects.toMatchObject({ code: 'uploads/broken' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cannot be used before it is whole, nor after it was discarded', async () => {
    const { context, services, send, sendAll } = await host();
    const part = await send({ name: 'a.wav', bytes: 10, offset: 0, piece: new Uint8Array(4) });
    expect(() => uploadsOf(services).whole(part.upload)).toThrow(/4 of 10 bytes/);
    const { upload } = await sendAll('b.wav', wav(0.1));
    expect(await handleUploadsDiscard({ upload }, context)).toEqual({ discarded: true });
    expect(await handleUploadsDiscard({ upload }, context)).toEqual({ discarded: false });
    expect(() => uploadsOf(services).whole(upload)).toThrow(/not at the host any more/);
  });

  it('is one of few: the one not used for longest makes room; what a killed host left is removed', async () => {
    const media = await temporaryFolder();
    const folder = path.join(media, 'uploads');
    await mkdir(folder);
    await writeFile(path.join(folder, 'left.wav'), 'x');
    const uploads = new Uploads({ media });
    const piece = new Uint8Array(1);
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) {
      ids.push((await uploads.take({ name: `${n}.wav`, bytes: 1, offset: 0, piece })).id);
    }
    const left = await readdir(folder);
    expect(left).toHaveLength(24);
    expect(left).not.toContain('left.wav');
    expect(() => uploads.whole(ids[0]!)).toThrow(/not at the host/);
    expect(existsSync(uploads.whole(ids.at(-1)!).file)).toBe(true);
  });
});

describe('keeping', () => {
  it('writes the recording under its own name, and replaces nothing', async () => {
    const { context, sendAll } = await host();
    const folder = path.join(await temporaryFolder(), 'kept', 'here');
    const bytes = wav(0.2);
    const { upload } = await sendAll('../../mine.wav', bytes);
    const first = await handleVoiceKeep({ upload, folder }, context);
    const second = await handleVoiceKeep({ upload, folder }, context);
    expect(first.file).toBe(path.join(folder, 'mine.wav'));
    expect(second.file).toBe(path.join(folder, 'mine-2.wav'));
    expect(new Uint8Array(await readFile(first.file))).toEqual(bytes);
  });
});
