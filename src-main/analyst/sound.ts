import { openAudio } from '../audio/open.ts';
import { decodeStretch } from '../audio/decode.ts';
import { refuseChanged } from './indexed-file.ts';
import type { Probe, ProbeTask, Sound, SoundTask } from './tasks.ts';

/** What the header of a recording says. */
export function probe({ file }: ProbeTask): Probe {
  refuseChanged(file);
  const source = openAudio(file.path);
  source.close();
  return { kind: 'probe', container: source.info.container, codec: source.info.codec };
}

/** The samples of a stretch, at the file's own rate and in all its channels. */
export function readSound({ file, stretch }: SoundTask): Sound {
  refuseChanged(file);
  const { channels, sampleRateHz } = decodeStretch(file.path, stretch.from, stretch.to);
  return { kind: 'sound', sampleRateHz, channels: channels.length, samples: interleave(channels) };
}

function interleave(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (!first || channels.length === 1) return first ?? new Float32Array(0);
  const samples = new Float32Array(first.length * channels.length);
  for (const [channel, values] of channels.entries()) {
    for (let time = 0, at = channel; time < values.length; time++, at += channels.length) {
      samples[at] = values[time]!;
    }
  }
  return samples;
}
