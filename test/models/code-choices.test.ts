import { describe, expect, it } from 'vitest';
import { codeChoicesOf } from '../../src-main/models/code-choices.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';

const choices = (preset: string) => codeChoicesOf(resolveConfig({ preset }));

describe('codeChoicesOf', () => {
  it('offers numbers to be rounded and drawn', () => {
    expect(choices('fsdd-vae-compact')).toEqual(['bits', 'latent']);
    expect(choices('gm-vae-compact')).toEqual(['bits', 'latent']);
  });

  it('offers nothing of indices', () => {
    expect(choices('rvq-vae-5')).toEqual([]);
  });

  it('offers the own frames of what is made frame by frame alone', () => {
    expect(choices('dvae-dkf')).toEqual(['latent']);
    expect(choices('dvae-srnn')).toEqual(['latent', 'feedback']);
  });
});
