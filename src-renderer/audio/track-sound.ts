/** Samples of all channels in turn, as the host gives them. */
export interface TrackSound {
  sampleRateHz: number;
  channels: number;
  samples: Float32Array;
}

/** One or two channels: what has more is mixed to one, as nothing says where its loudspeakers stand. */
export function channelsOf({ channels, samples }: TrackSound): Float32Array<ArrayBuffer>[] {
  const frames = Math.floor(samples.length / channels);
  if (channels === 1) return [new Float32Array(samples)];
  const apart = Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: frames }, (_value, at) => samples[at * channels + channel] ?? 0),
  );
  if (channels === 2) return apart;
  const mixed = new Float32Array(frames);
  for (const channel of apart) for (let at = 0; at < frames; at++) mixed[at]! += channel[at]! / channels;
  return [mixed];
}

/** The sound and nothing else that came with it: commands take no more than this. */
export function bare({ sampleRateHz, channels, samples }: TrackSound): TrackSound {
  return { sampleRateHz, channels, samples };
}
