import { describe, expect, it } from 'vitest';
import { metricHelp, metricTitle } from '../../../src-preload/contract/comparison/metric-titles.ts';

describe('what a curve is called', () => {
  it('is the same everywhere, and its key where it has no name', () => {
    expect(metricTitle('kl')).toBe('KL divergence');
    expect(metricTitle('gradientNorm')).toBe('Gradient norm');
    expect(metricTitle('codebookUse')).toBe('codebookUse');
    expect(metricHelp('codebookUse')).toBeUndefined();
  });

  it('names the stage of a discrete code', () => {
    expect(metricTitle('perplexity/stage-2')).toBe('Perplexity, stage 2');
    expect(metricHelp('perplexity/stage-2')).toBe(metricHelp('perplexity'));
    expect(metricTitle('else/stage-2')).toBe('else/stage-2');
  });

  it('does not take what every object has for a metric', () => {
    expect(metricTitle('constructor')).toBe('constructor');
    expect(metricHelp('toString')).toBeUndefined();
  });
});
