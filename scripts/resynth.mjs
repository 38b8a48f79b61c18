/** `npm run resynth -- COMMAND`: the command line. */
import { bootstrap, runEntry } from './bootstrap.mjs';

const node = await bootstrap();
await runEntry(node, 'src-main/cli/index.ts', process.argv.slice(2));
