import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Read by the build, svelte-check, eslint and editors. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
