import type { DynamicalFamily } from './dynamical/family.ts';
import { dkf } from './families/dkf.ts';
import { dsae } from './families/dsae.ts';
import { dvaeVae } from './families/dvae-vae.ts';
import { rvae } from './families/rvae.ts';
import { srnn } from './families/srnn.ts';
import { storn } from './families/storn.ts';
import { vrnn } from './families/vrnn.ts';

/** The seven models of papers/004, in its order. */
export const dynamicalFamilies: readonly DynamicalFamily[] = [dvaeVae, dkf, storn, vrnn, srnn, rvae, dsae];
