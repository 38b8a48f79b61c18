import { enableCompileCache } from 'node:module';

// The entry of the database's thread. A thread has no compile cache of its own accord, and without one it takes twice as
// long to load: so nothing but this is loaded before it has.
enableCompileCache();
await import('./worker.ts');
