/** `npm start`: set everything up and go. Until there is a window, that is the demo. */
import { bootstrap, runEntry } from './bootstrap.mjs';

const node = await bootstrap();
await runEntry(node, 'src-main/cli/index.ts', ['demo', ...process.argv.slice(2)]);
