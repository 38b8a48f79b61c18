import { parentChannel } from '../../../src-main/processes/parent-channel.ts';
import { serveChannel } from '../../../src-preload/contract/server.ts';
import { echoHost } from './echo-host.ts';

// A host in a child process, over the pipe that it was started with.
const channel = parentChannel();
serveChannel(channel, echoHost());
channel.onClose(() => process.exit(0));
