import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { AnalystPool } from '../../src-main/analyst/pool.ts';
import { encodeWav } from '../../src-main/audio/write-wav.ts';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { encodeFlac } from '../helpers/encode-flac.ts';
import { encodeMedia } from '../helpers/encode-media.ts';
import { encodeSphere } from '../helpers/sphere.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

export interface FuzzOutcome {
  taken: number;
  /** How often each reason was given. */
  refused: Map<string, number>;
  /** The most memory that any of the decoders' processes ever held, in MiB; null where the system does not tell. */
  mostMemoryMiB: number | null;
  /** The longest that one file took. */
  slowestSec: number;
}

/**
 * Changes good files of every kind at random places and has the analyst's processes read them, as indexing does. The same
 * seed makes the same files.
 */
export async function fuzzDecoders(count: number, seed: number): Promise<FuzzOutcome> {
  const folder = await temporaryFolder();
  const originals = await goodFiles(folder);
  const random = xorshift(seed);
  const pool = new AnalystPool({ size: 2, timeoutSec: 30 });
  const refused = new Map<string, number>();
  let taken = 0;
  let slowestSec = 0;
  try {
    for (let done = 0; done < count; done += 8) {
      await Promise.all(
        Array.from({ length: Math.min(8, count - done) }, async (_, slot) => {
          const { name, bytes } = originals[random(originals.length)]!;
          const id = `${slot}-${name}`;
          await writeFile(path.join(folder, id), mutated(bytes, random));
          const startMs = performance.now();
          const file = { id, source: null, startSec: null, endSec: null };
          const code = await pool.run({ kind: 'inspect', folder, files: [file] }).then(
            ({ files: [answer] }) => (answer && 'refused' in answer ? answer.refused.code : 'taken'),
            (thrown: unknown) => asResynthError(thrown).code,
          );
          slowestSec = Math.max(slowestSec, (performance.now() - startMs) / 1000);
          if (code === 'taken') taken++;
          else refused.set(code, (refused.get(code) ?? 0) + 1);
        }),
      );
    }
    return { taken, refused, mostMemoryMiB: mostMemoryOfChildren(), slowestSec };
  } finally {
    await pool.close();
  }
}

async function goodFiles(folder: string): Promise<{ name: string; bytes: Uint8Array }[]> {
  const tone = Float32Array.from({ length: 6000 }, (_, n) => 0.3 * Math.sin(n * 0.1) * Math.sin(n * 0.003));
  const whole = [...tone].map((sample) => Math.round(sample * 20_000));
  const encoded: [string, string][] = [
    ['a.mp3', 'libmp3lame'],
    ['a.ogg', 'libvorbis'],
    ['a.opus', 'libopus'],
    ['a.aiff', 'pcm_s16be'],
    ['b.flac', 'flac'],
    ['a.au', 'pcm_mulaw'],
  ];
  for (const [name, encoder] of encoded) encodeMedia(path.join(folder, name), encoder, tone, 16_000);
  encodeFlac(path.join(folder, 'a.flac'), tone, 16_000);
  const read = async (name: string) => ({
    name,
    bytes: new Uint8Array(await readFile(path.join(folder, name))),
  });
  return [
    ...(await Promise.all([...encoded.map(([name]) => name), 'a.flac'].map(read))),
    { name: 'pcm.wav', bytes: encodeWav([tone], 16_000, 'pcm16').bytes },
    { name: 'float.wav', bytes: encodeWav([tone, tone], 16_000, 'float32').bytes },
    { name: 'pcm.sph', bytes: encodeSphere({ channels: [whole] }) },
    {
      name: 'ulaw.sph',
      bytes: encodeSphere({ channels: [whole.map((value) => value & 0xff)], coding: 'ulaw' }),
    },
    { name: 'shorten.wv1', bytes: encodeSphere({ channels: [whole, whole], coding: 'shorten' }) },
  ];
}

/** Some bytes changed, most of them where headers are; or a part taken out, doubled, zeroed or cut off. */
function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const place = () => (random(2) === 0 ? random(Math.min(copy.length, 200)) : random(copy.length));
  switch (random(6)) {
    case 0:
      return copy.subarray(0, random(copy.length));
    case 1: {
      const at = place();
      return Buffer.concat([
        copy.subarray(0, at),
        copy.subarray(Math.min(copy.length, at + 1 + random(400))),
      ]);
    }
    case 2: {
      const at = place();
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - random(400)))]);
    }
    case 3:
      copy.fill(random(2) === 0 ? 0 : 0xff, place(), place());
      return copy;
    default:
      for (let change = 1 + random(12); change > 0; change--) {
        const at = place();
        copy[at] = random(3) === 0 ? [0, 0xff, 0x7f, 0x80][random(4)]! : random(256);
      }
      return copy;
  }
}

function xorshift(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(1, below);
  };
}

function mostMemoryOfChildren(): number | null {
  try {
    const pids = readdirSync('/proc/self/task').flatMap((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
    const held = pids.map((pid) =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
    );
    return held.length === 0 ? null : Math.max(...held) / 1024;
  } catch (error) {
    if (process.platform === 'linux') throw error;
    return null;
  }
}
