import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { judge } from '../../src-main/metrics/judge.ts';
import type { SignalPair } from '../../src-main/metrics/metric.ts';
import { metrics } from '../../src-main/metrics/registry.ts';
import { referenceFolder } from '../helpers/reference-data.ts';

/** Pairs of speech and what the field's own tools say of them. */
const folder = referenceFolder('reference', 'metrics');

interface Golden {
  sr: number;
  degradation: string;
  clean: string;
  degraded: string;
  [figure: string]: number | string | null;
}

const goldenKeys: Record<string, { golden: string; within: number }> = {
  pesq_nb: { golden: 'pesq_nb', within: 0.001 },
  pesq_nb_raw: { golden: 'pesq_nb_raw', within: 0.001 },
  pesq_wb: { golden: 'pesq_wb', within: 0.001 },
  stoi: { golden: 'stoi', within: 1e-4 },
  estoi: { golden: 'estoi', within: 1e-4 },
  si_sdr_db: { golden: 'si_sdr', within: 1e-4 },
  snr_db: { golden: 'snr', within: 1e-4 },
  rmse: { golden: 'rmse_scaled', within: 1e-4 },
  lsd_db: { golden: 'lsd_db', within: 1e-4 },
};

describe.skipIf(!folder)('metrics against the reference tools', () => {
  const pairs = folder
    ? (JSON.parse(readFileSync(path.join(folder, 'metrics.json'), 'utf8')) as Golden[])
    : [];
  const read = (file: string): Float32Array => decodeAudio(path.join(folder!, file)).channels[0]!;

  it.each(pairs.map((pair) => [`${pair.sr} Hz ${pair.degradation}`, pair] as const))('%s', (_, golden) => {
    const pair: SignalPair = {
      reference: read(golden.clean),
      degraded: read(golden.degraded),
      sampleRateHz: golden.sr,
    };
    for (const metric of metrics) {
      const known = goldenKeys[metric.key];
      if (!known) continue;
      const { value, blank } = judge(metric, pair);
      const wanted = golden[known.golden];
      if (typeof wanted !== 'number') {
        expect(blank?.code, metric.key).toBe(wanted === 'inf' ? 'infinite' : 'wrong-rate');
      } else {
        expect(value, `${metric.key} (${blank?.text ?? 'a figure'})`).not.toBeNull();
        expect(Math.abs(value! - wanted), metric.key).toBeLessThan(known.within);
      }
    }
  });
});
