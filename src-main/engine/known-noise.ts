/**
 * Lines that TensorFlow writes to stderr at every start whatever its log level is, and that mean nothing to anyone. Each is
 * named in full: whatever else an engine says is shown.
 */
const knownNoise = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/,
  /^I0000 00:00:\d+\.\d+\s+\d+ mlir_graph_optimization_pass\.cc:\d+\] MLIR V1 optimization pass is not enabled$/,
];

/** A text without those lines; all others stay as they are. */
export function withoutKnownNoise(text: string): string {
  if (!text.includes('absl::InitializeLog') && !text.includes('mlir_graph_optimization_pass')) return text;
  return text
    .split('\n')
    .filter((line) => !knownNoise.some((noise) => noise.test(line.trimEnd())))
    .join('\n');
}
