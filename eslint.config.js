import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { layers } from './scripts/lint/layers.mjs';
import svelteConfig from './svelte.config.js';

const rules = {
  'resynth/layers': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
  'no-empty': ['error', { allowEmptyCatch: false }],
  eqeqeq: ['error', 'always'],
};
const plugins = { resynth: { rules: { layers } } };

export default tseslint.config(
  { ignores: ['node_modules/**', 'out/**'] },
  {
    files: ['src-*/**/*.ts', 'test/**/*.ts', '*.config.ts'],
    extends: [...tseslint.configs.recommended],
    plugins,
    rules,
  },
  {
    files: ['src-renderer/**/*.svelte', 'src-renderer/**/*.svelte.ts', 'test/**/*.svelte'],
    extends: [...tseslint.configs.recommended, ...svelte.configs.recommended],
    languageOptions: {
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
    plugins,
    rules: {
      ...rules,
      // Text from a recording's name or a run's notes is never markup.
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // `let { ... } = $props()` is Svelte's own way; its version of the rule knows that.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      // Maps and sets are replaced as a whole ($state.raw), or are no state at all.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  { files: ['test/**/*.ts'], rules: { 'max-lines': 'off' } },
);
