/** By what the page finds its processor in the audio thread. */
export const processorName = 'resynth-transport';
