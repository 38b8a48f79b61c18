/** Stands in for the host process: how it behaves is in the name of its data folder. */
import path from 'node:path';
import process from 'node:process';
import { listenLocally } from '../../src-main/host/connection/local-socket.ts';
import { localAddress } from '../../src-main/host/connection/local-address.ts';

const root = String(process.argv[2]);
const behaviour = path.basename(root);

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (behaviour === 'deaf') return;
  process.stderr.write(JSON.stringify(message));
  process.exit(0);
});
if (behaviour === 'crashes') {
  process.stderr.write('out of luck\n');
  process.exit(3);
}
if (behaviour === 'fails') {
  process.send?.({ kind: 'failed', message: 'The disk is full.', remedy: 'Empty it.' }, () =>
    process.exit(1),
  );
} else {
  await listenLocally(localAddress(root, 'owner'), (channel) => {
    channel.onFrame((frame) => {
      if (frame[0] === 255) process.kill(process.pid, 'SIGKILL');
      channel.send(new Uint8Array(frame));
    });
  });
  process.send?.({ kind: 'nonsense' });
  process.send?.({ kind: 'ready', root });
  process.send?.({ kind: 'training', runs: 2, ours: true });
}
