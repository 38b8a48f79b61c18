import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import type { OutputValue } from '../../../src-main/engine/program.ts';
import { dynamicalFamilies } from '../../../src-main/models/dynamical-families.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { seededUniform } from '../../../src-main/models/parts/random.ts';
import { loadPresets } from '../../../src-main/models/presets.ts';
import { shapeOf } from '../../../src-main/models/config.ts';
import { buildModelProgram } from '../../../src-main/trainer/model-program.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();
// Enough sequences for the halves of a batch to be scanned apart, not as many in both.
const [batchSize, clips] = [9, 2];

/** A family's preset with small layers over 6 frames of 9 bins, through the settings that `--set` takes. */
function smallConfig(preset: string, schema: Parameters<typeof shapeOf>[0]) {
  const overrides: Record<string, string> = {
    ...{ 'features.nFft': '16', 'features.hopLength': '8', 'features.frames': '6' },
    ...{ 'training.batchSize': String(batchSize), 'training.clips': String(clips) },
    ...{ 'model.latentDim': '3', 'model.dropout': '0.05' },
  };
  for (const name of Object.keys(shapeOf(schema))) {
    if (name.startsWith('dense')) overrides[`model.${name}`] = '5';
    else if (name.startsWith('recurrent') && !name.endsWith('Layers')) overrides[`model.${name}`] = '4';
  }
  return resolveConfig({ preset, overrides });
}

describe.skipIf(!tensorflow).each(dynamicalFamilies.map((family) => [family.id, family] as const))(
  'training %s',
  (id, family) => {
    const preset = loadPresets().find((one) => one.family === id)!.id;
    const config = smallConfig(preset, family.schema);
    const open = () => {
      const entries = ['step', 'evaluate', 'reconstruct'] as const;
      return compileProgram(buildModelProgram(config, { batchSize, entries, clips }).definition);
    };
    const next = seededUniform(1, id);
    const x = Float32Array.from({ length: batchSize * 9 * 6 }, () => Math.exp(4 * next() - 2));
    const scalars = { learningRate: 1e-2, beta: 1, freeBits: 0 };

    it('goes on in the same bits after it was broken off, falls, and reconstructs in the shape of its clips', async () => {
      const whole = open();
      const totals: number[] = [];
      const steps = 6;
      let half = new Map<string, OutputValue>();
      for (let step = 0; step < steps; step++) {
        if (step === steps / 2) half = await whole.readState();
        const { total, referenceLoss, kl, reconstruction } = await whole.call(
          'step',
          { x, ...scalars },
          { seed: 3, step },
        );
        totals.push(total!.data[0]!);
        const offset = referenceLoss!.data[0]! - kl!.data[0]! - reconstruction!.data[0]!;
        const numbers = Number(config.model.latentDim) + Number(config.model.sequenceLatentDim ?? 0);
        expect(offset).toBeCloseTo(numbers / 2, 3);
      }
      expect(totals.at(-1)).toBeLessThan(totals[0]!);
      const resumed = open();
      await resumed.writeState(half);
      for (let step = steps / 2; step < steps; step++) {
        const { total } = await resumed.call('step', { x, ...scalars }, { seed: 3, step });
        expect(total!.data[0]).toBe(totals[step]);
      }
      const [one, other] = [await whole.readState(), await resumed.readState()];
      for (const [name, { data }] of one) expect(other.get(name)?.data, name).toEqual(data);
      const rebuilt = await resumed.call('reconstruct', { x: x.subarray(0, clips * 9 * 6) });
      expect(rebuilt.x?.shape).toEqual([clips, 9, 6]);
      expect(rebuilt.x?.data.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
      whole.dispose();
      resumed.dispose();
    });
  },
);
