/** `npm start`: set everything up, build what has changed, open the window or serve the page. */
import path from 'node:path';
import { bootstrap, root, run, runEntry } from './bootstrap.mjs';
import { isBuilt } from './page.mjs';

const node = await bootstrap();
const args = process.argv.slice(2);
if (!isBuilt(root, 'page')) {
  const status = await run(node, [path.join(root, 'scripts', 'build.mjs')], { cwd: root });
  if (status !== 0) process.exit(1);
}
await runEntry(node, 'src-main/web/index.ts', args);
