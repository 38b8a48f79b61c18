import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { contractPath } from './src-preload/bridge/sign-in.ts';
import { noncePlaceholder } from './src-main/web/page-security.ts';

const root = import.meta.dirname;
/** The web host that `npm run dev` started beside the development server. */
const devHost = process.env.RESYNTH_DEV_HOST;

/** The page: built by scripts/build.mjs and by electron-vite, served with hot reload by `npm run dev`. */
export default defineConfig({
  root: path.join(root, 'src-renderer'),
  // Relative, so that the same build works under http://127.0.0.1 and app://.
  base: './',
  plugins: [svelte({ configFile: path.join(root, 'svelte.config.js') })],
  html: { cspNonce: noncePlaceholder },
  build: {
    outDir: path.join(root, 'out', 'renderer'),
    emptyOutDir: true,
    target: 'es2023',
    // A data: address would need more room in the content security policy than a file does.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: path.join(root, 'src-renderer', 'index.html') },
  },
  server: {
    host: '127.0.0.1',
    strictPort: true,
    fs: { allow: [root] },
    ...(devHost ? { proxy: { [contractPath]: { target: devHost, ws: true } } } : {}),
  },
});
