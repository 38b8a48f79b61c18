import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

/** Serves dev.html: the window over a fake host, for looking at screens. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: path.join(root, 'node_modules', '.vite-look'),
  plugins: [svelte({ configFile: path.join(root, 'svelte.config.js') })],
  server: { host: '127.0.0.1', port: 5199, strictPort: true, fs: { allow: [root] } },
});
