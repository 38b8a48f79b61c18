import { type Baseline, noMoreThan } from './baseline.ts';

const mu = 255;
const levels = 256;

/** Eight bits a sample on a logarithmic scale: the companding law of ITU-T G.711, in its continuous form. */
export const muLaw: Baseline = {
  name: 'mu-law',
  title: 'Mu-law, 8 bit',
  help: 'Each sample as one of 256 levels on the continuous mu-law scale (mu 255).',
  example: 'mu-law',
  available: () => true,
  prepare(words) {
    noMoreThan(this, words, 0);
    return {
      settings: '8 bits a sample, mu 255',
      apply: (samples, sampleRateHz) => ({
        samples: samples.map(throughMuLaw),
        sampleRateHz,
        codedBits: 8 * samples.length,
      }),
    };
  },
};

function throughMuLaw(sample: number): number {
  const bounded = Math.max(-1, Math.min(1, sample));
  const companded = (Math.sign(bounded) * Math.log1p(mu * Math.abs(bounded))) / Math.log1p(mu);
  const step = Math.round(((companded + 1) / 2) * (levels - 1));
  const back = (2 * step) / (levels - 1) - 1;
  return (Math.sign(back) * Math.expm1(Math.abs(back) * Math.log1p(mu))) / mu;
}
