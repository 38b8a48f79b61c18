/** Samples of one channel as a WAV file of 32-bit floats: what was captured, bit for bit. */
export function floatWav(samples: Float32Array, sampleRateHz: number): Uint8Array<ArrayBuffer> {
  const dataBytes = 4 * samples.length;
  const headerBytes = 56;
  const bytes = new Uint8Array(headerBytes + dataBytes);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  tag(0, 'RIFF');
  view.setUint32(4, headerBytes - 8 + dataBytes, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, 16, true);
  // 3: floats; one channel.
  view.setUint16(20, 3, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, 4 * sampleRateHz, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 32, true);
  // The standard asks for the number of samples where they are floats.
  tag(36, 'fact');
  view.setUint32(40, 4, true);
  view.setUint32(44, samples.length, true);
  tag(48, 'data');
  view.setUint32(52, dataBytes, true);
  for (let at = 0; at < samples.length; at++) view.setFloat32(headerBytes + 4 * at, samples[at]!, true);
  return bytes;
}
