import path from 'node:path';
import { defineConfig } from 'electron-vite';
import page from './vite.config.ts';

const root = import.meta.dirname;
const at = (...segments: string[]): string => path.join(root, ...segments);

/**
 * Electron's own parts. Entries are named, because electron-vite looks for them in other folders. What runs on the plain
 * Node (the host, trainers, analysts) is not bundled: that Node runs the sources.
 */
export default defineConfig({
  main: {
    build: {
      outDir: at('out', 'main'),
      externalizeDeps: { exclude: ['zod'] },
      rollupOptions: { input: { index: at('src-main', 'electron', 'index.ts') } },
    },
  },
  preload: {
    build: {
      outDir: at('out', 'preload'),
      // Under the sandbox a preload can load nothing: one file, and in the old module format.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('src-preload', 'index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: page,
});
