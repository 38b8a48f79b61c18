/** `npm run bench`: speed and memory against our own PyTorch twins. */
import { bootstrap, runEntry } from './bootstrap.mjs';

const node = await bootstrap();
await runEntry(node, 'test/bench/index.ts', process.argv.slice(2));
