import { openHostLink } from '../../src-main/host/connection/host-link.ts';
import { fakeEntry } from '../trainer/kill-helpers.ts';
import { hostInfo } from '../../src-preload/contract/commands/host.ts';

// A process that opens a link to the data folder RESYNTH_HOME and stays, for tests that kill it. It says as JSON lines who
// it is and who the owner is, and again whenever it is asked over stdin.

const link = await openHostLink({
  home: undefined,
  kind: 'web',
  stays: true,
  hooks: { trainerEntry: fakeEntry },
  onLost: (error) => console.log(JSON.stringify({ lost: error.code })),
});

async function say(): Promise<void> {
  const options = { signal: new AbortController().signal, progress: () => undefined };
  const { pid, instance } = await link.call(hostInfo, {}, options);
  console.log(JSON.stringify({ pid: process.pid, owner: pid, instance, isOwner: link.host !== null }));
}

await say();
process.stdin.on('data', () => void say());
process.on('SIGTERM', () => void link.close({ stopTraining: true }).then(() => process.exit(0)));
