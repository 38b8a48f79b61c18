import process from 'node:process';

// Checked before anything else is loaded: native parts crash on an older Node instead of saying so.
const neededNode = 22;
if (Number.parseInt(process.versions.node, 10) < neededNode) {
  process.stderr.write(
    `error: Resynth needs Node ${neededNode} or newer and this is ${process.versions.node}. Start it with npm start.\n`,
  );
  process.exit(2);
}

const { runWebHost } = await import('./program.ts');
process.exitCode = await runWebHost(process.argv.slice(2));
