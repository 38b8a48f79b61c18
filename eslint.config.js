import tseslint from 'typescript-eslint';
import { layers } from './scripts/lint/layers.mjs';

export default tseslint.config(
  { ignores: ['node_modules/**', 'out/**'] },
  {
    files: ['src-*/**/*.ts', 'test/**/*.ts', '*.config.ts'],
    extends: [...tseslint.configs.recommended],
    plugins: { resynth: { rules: { layers } } },
    rules: {
      'resynth/layers': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always'],
    },
  },
  { files: ['test/**/*.ts'], rules: { 'max-lines': 'off' } },
);
