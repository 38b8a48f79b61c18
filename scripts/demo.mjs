/** `npm run demo`: from recordings to a trained model and its reconstructions, on one page. */
import { bootstrap, runEntry } from './bootstrap.mjs';

const node = await bootstrap();
await runEntry(node, 'src-main/cli/index.ts', ['demo', ...process.argv.slice(2)]);
