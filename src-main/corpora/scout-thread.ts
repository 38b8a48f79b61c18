import { enableCompileCache, flushCompileCache } from 'node:module';

// The entry of the thread that looks at folders. A thread has no compile cache of its own accord, and it is ended rather
// than left to end, when nothing would be kept: so nothing but this is loaded before, and what was compiled is kept at once.
enableCompileCache();
await import('./scout-worker.ts');
setImmediate(flushCompileCache);
