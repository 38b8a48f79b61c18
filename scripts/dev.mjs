/**
 * `npm run dev`: the page with hot reload from vite's development server, in front of a web host that runs from source.
 * Flags are those of `npm start`.
 */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { bootstrap, root, run, runToEnd } from './bootstrap.mjs';

const node = await bootstrap();
if (fs.realpathSync(process.execPath) === node) await develop(process.argv.slice(2));
else await runToEnd(node, [process.argv[1], ...process.argv.slice(2)]);

async function develop(args) {
  const hostPort = await freePort();
  process.env.RESYNTH_DEV_HOST = `http://127.0.0.1:${hostPort}`;
  const { createServer } = await import('vite');
  const server = await createServer({ configFile: path.join(root, 'vite.config.ts') });
  await server.listen();
  const { port } = server.httpServer.address();
  // The host's addresses then lead to the development server, which hands the WebSocket on.
  process.env.RESYNTH_PAGE_ORIGIN = `http://127.0.0.1:${port}`;
  const status = await run(
    node,
    [path.join(root, 'src-main', 'web', 'index.ts'), '--port', String(hostPort), ...args],
    { cwd: root },
  );
  await server.close();
  process.exit(typeof status === 'number' ? status : 1);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
