import type { IpcMain, MessageChannelMain } from 'electron';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { messagePortChannel } from '../../src-preload/contract/channels/message-port.ts';
import { messageOf } from '../../src-preload/contract/errors/error.ts';
import { portId } from '../../src-preload/bridge/electron-messages.ts';
import { ipcNames } from '../../src-preload/bridge/ipc-names.ts';
import { joinChannels } from '../host/connection/join-channels.ts';
import { isPageAddress } from './app-page.ts';

export interface PortOptions {
  ipcMain: Pick<IpcMain, 'on'>;
  newChannel(): MessageChannelMain;
  /** A line to the host. */
  connect(): Promise<Channel>;
}

/**
 * Gives the page lines to the host: for each that it asks for, one end of a message channel goes to it, and the other is
 * joined to a line of the local socket. Only the top frame of our own page is heard.
 */
export function servePorts({ ipcMain, newChannel, connect }: PortOptions): void {
  ipcMain.on(ipcNames.port, (event, given: unknown) => {
    const frame = event.senderFrame;
    const id = portId.safeParse(given);
    if (!frame || frame.parent || !isPageAddress(frame.url) || !id.success) return;
    const { port1, port2 } = newChannel();
    const page = messagePortChannel(port1);
    event.sender.postMessage(ipcNames.port, id.data, [port2]);
    connect().then(
      (line) => joinChannels(page, line, () => undefined),
      (thrown: unknown) => page.close(messageOf(thrown)),
    );
  });
}
