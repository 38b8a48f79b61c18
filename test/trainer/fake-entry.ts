import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { runTrainerChild } from '../../src-main/trainer/child.ts';
import { FakeProgram, fakeReader } from './fake-program.ts';
import { testEnvironment } from './run-fixture.ts';

/** A trainer process without TensorFlow; the environment says how it is to misbehave. */
const setting = (name: string, fallback: number): number =>
  Number(process.env[`RESYNTH_FAKE_${name}`] ?? fallback);

runTrainerChild({
  openFeatures: async (_record, _config, { progress }) => {
    progress({ stage: 'Fake features' });
    return {
      train: fakeReader(18),
      validation: setting('VALIDATION', 1) ? fakeReader(6) : null,
      describe: (id) => {
        const number = Number(/\d+/.exec(id)?.[0]);
        return { speaker: `s${number % 2}`, label: String(number % 3), durationSec: 0.5, contentHash: id };
      },
    };
  },
  openProgram: async () => {
    if (setting('REFUSE', 0)) {
      throw new ResynthError('engine/device-unavailable', {
        device: 'gpu',
        backend: 'fake',
        available: 'cpu',
      });
    }
    const program = new FakeProgram();
    program.workMs = setting('WORK_MS', 1);
    program.tellsLatents = setting('LATENTS', 0) === 1;
    program.nanAtStep = setting('NAN_STEP', -1);
    const dieAt = setting('DIE_CALL', -1);
    let calls = 0;
    program.onCall = () => {
      if (++calls === dieAt) process.abort();
    };
    return {
      program,
      environment: { ...testEnvironment, device: process.env.RESYNTH_FAKE_DEVICE ?? 'cpu' },
      inputShape: [4, 3, 1],
      reconstructs: true,
      tensors: () => 3,
      notes: [],
    };
  },
});
