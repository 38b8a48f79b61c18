import { resolveConfig } from '../../src-main/models/overrides.ts';
import type { ResolvedConfig } from '../../src-main/models/config.ts';
import type { RunEnvironment } from '../../src-main/trainer/run-record.ts';

/** The compact net's configuration with settings as typed. */
export function testConfig(
  overrides: Record<string, string> = {},
): ResolvedConfig & { features: Record<string, unknown> } {
  return resolveConfig({ preset: 'fsdd-vae-compact', overrides });
}

export const testEnvironment: RunEnvironment = {
  backend: 'javascript',
  device: 'cpu',
  deviceName: 'a test',
  threads: { intraOp: 1, interOp: 1 },
  mode: 'eager',
  deterministic: true,
  versions: { resynth: '0' },
};
