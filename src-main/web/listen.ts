import type { Server } from 'node:http';
import { ResynthError, messageOf } from '../../src-preload/contract/errors/error.ts';

/** Where the page is unless its place is taken; a fixed one, so that an `ssh -L` line can be kept. */
export const defaultPort = 47_100;
const portsToTry = 50;

/**
 * Listens on 127.0.0.1 and resolves to the port: the one wished for or, unless it must be exactly that one, the next free.
 *
 * @throws ResynthError web/port-taken, web/no-free-port.
 */
export async function listenOnLoopback(server: Server, wished: number, exactly: boolean): Promise<number> {
  // Port 0 is the system's choice, always free.
  const last = exactly || wished === 0 ? wished : Math.min(65_535, wished + portsToTry - 1);
  for (let port = wished; port <= last; port++) {
    try {
      return await listen(server, port);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' || exactly) {
        const reason = code === 'EADDRINUSE' ? 'another program has it' : messageOf(error);
        throw new ResynthError('web/port-taken', { port, reason }, { cause: error });
      }
    }
  }
  throw new ResynthError('web/no-free-port', { from: wished, to: last });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
