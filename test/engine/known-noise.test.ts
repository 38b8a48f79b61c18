import { expect, it } from 'vitest';
import { withoutKnownNoise } from '../../src-main/engine/known-noise.ts';

const noise =
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n' +
  'I0000 00:00:1795273304.250373    4014 mlir_graph_optimization_pass.cc:401] MLIR V1 optimization pass is not enabled\n';

it('drops the lines that TensorFlow writes at every start, and those alone', () => {
  expect(withoutKnownNoise(`one\n${noise}two\n`)).toBe('one\ntwo\n');
  expect(withoutKnownNoise(noise)).toBe('');
  const others =
    'E0000 mlir_graph_optimization_pass.cc:401] it failed\nabsl::InitializeLog\nWARNING: low memory\n';
  expect(withoutKnownNoise(others)).toBe(others);
});
