export * from '../../../src-preload/contract/comparison/train-input.ts';
