/** `npm run check`: types, the page (svelte-check), lint with the one-way arrows, format. `--format` rewrites the format instead. */
import path from 'node:path';
import { bootstrap, root, run } from './bootstrap.mjs';

const formatted = [
  'src-*/**/*.{ts,svelte,css,html}',
  'test/**/*.ts',
  'scripts/**/*.mjs',
  '*.{js,ts}',
  'resources/**/*.json',
];
const node = await bootstrap({ engine: false });
const prettier = (mode) => [
  'prettier/bin/prettier.cjs',
  mode,
  '--log-level=warn',
  '--no-error-on-unmatched-pattern',
  ...formatted,
];
const checks = process.argv.includes('--format')
  ? [['format', prettier('--write')]]
  : [
      ['types', ['typescript/bin/tsc', '--noEmit']],
      [
        'page',
        ['svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.renderer.json', '--fail-on-warnings'],
      ],
      ['lint', ['eslint/bin/eslint.js', '.']],
      ['format', prettier('--check')],
    ];
for (const [name, [tool, ...args]] of checks) {
  const status = await run(node, [path.join(root, 'node_modules', tool), ...args], { cwd: root });
  console.log(`${name}: ${status === 0 ? 'ok' : 'failed'}`);
  if (status !== 0) process.exitCode = 1;
}
