import type { FeatureReader } from '../../src-main/analyst/features.ts';
import { featureShape, type FeaturePipelineConfig } from '../../src-main/dsp/pipeline.ts';
import { runTrainerChild } from '../../src-main/trainer/child.ts';
import { engineSources } from '../../src-main/trainer/sources.ts';

/** A trainer process with the real engine and real models, on clips made of sines. */
runTrainerChild({
  openFeatures: async (_record, config) => ({
    train: syntheticReader(22, config.features, 0),
    validation: syntheticReader(6, config.features, 100),
    describe: () => null,
  }),
  openProgram: (record, config, context) => engineSources.openProgram(record, config, context),
});

function syntheticReader(count: number, features: FeaturePipelineConfig, offset: number): FeatureReader {
  const { bins, frames } = featureShape(features);
  const size = bins * frames;
  return {
    count,
    shape: [bins, frames],
    key: `synthetic-${count}`,
    ids: Array.from({ length: count }, (_, row) => `clip${row}.wav`),
    extremesDb: new Float32Array(count * 2),
    spokenSec: new Float32Array(count),
    read(indices, out) {
      for (let index = 0; index < indices.length; index++) {
        const row = (indices[index] ?? 0) + offset;
        for (let cell = 0; cell < size; cell++)
          out[index * size + cell] = 0.5 + 0.5 * Math.sin(row * 0.7 + cell * 0.31);
      }
    },
    close: () => undefined,
  };
}
