/** By what the page finds the recorder in the audio thread. */
export const captureName = 'resynth-capture';

/** Sound from the audio thread: all channels of the input, averaged. */
export interface CapturedBlock {
  /** Of its first sample, counted by the audio thread since it began: a gap between blocks is sound that was lost. */
  frame: number;
  samples: Float32Array<ArrayBuffer>;
}
