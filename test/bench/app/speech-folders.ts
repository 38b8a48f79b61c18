import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import { uniformNumbers } from '../../../src-main/dsp/random.ts';

const beside = path.resolve(import.meta.dirname, '../../../../shared/data/fsdd/recordings');
const sampleRateHz = 8000;

/** The folder of FSDD recordings that is measured: real ones where they are, else made-up ones of the same sizes. */
export function fsddFolder(
  dataFolder: string | undefined,
  scratch: string,
): { folder: string; note: string } {
  const real = dataFolder ?? (existsSync(beside) ? beside : undefined);
  if (real !== undefined) return { folder: real, note: `${countWavs(real)} recordings` };
  const folder = path.join(scratch, 'fsdd');
  makeFsdd(folder);
  return { folder, note: `${countWavs(folder)} made-up recordings of the sizes of FSDD` };
}

function countWavs(folder: string): number {
  return readdirSync(folder).filter((name) => name.toLowerCase().endsWith('.wav')).length;
}

/** 3,000 recordings named as FSDD's, of 0.14 to 2.3 s, half of them below 0.42 s. */
function makeFsdd(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const noise = Float32Array.from(uniformNumbers(0, 3 * sampleRateHz), (value) => value - 0.5);
  const lengths = uniformNumbers(1, 3000);
  for (let clip = 0; clip < 3000; clip++) {
    const durationSec = Math.min(2.3, 0.14 + 0.2 * -Math.log(1 - (lengths[clip] ?? 0)) * 2);
    const samples = noise.subarray(clip, clip + Math.round(durationSec * sampleRateHz));
    const name = `${clip % 10}_speaker${Math.floor(clip / 10) % 6}_${Math.floor(clip / 60)}.wav`;
    writeFileSync(path.join(folder, name), encodeWav([samples], sampleRateHz, 'pcm16').bytes);
  }
}

/** A tree of files that are valid and tiny: `folders` of `filesEach`, of 4 to 67 samples. */
export function makeTree(root: string, folders: number, filesEach: number): void {
  const noise = Float32Array.from(uniformNumbers(2, 80), (value) => value - 0.5);
  const contents = Array.from(
    { length: 64 },
    (_, number) => encodeWav([noise.subarray(0, number + 4)], sampleRateHz, 'pcm16').bytes,
  );
  for (let folder = 0; folder < folders; folder++) {
    const at = path.join(root, `word${String(folder).padStart(4, '0')}`);
    mkdirSync(at, { recursive: true });
    for (let file = 0; file < filesEach; file++) {
      const bytes = contents[(folder * 7 + file) % contents.length];
      if (bytes) writeFileSync(path.join(at, `${String(file).padStart(4, '0')}.wav`), bytes);
    }
  }
}
