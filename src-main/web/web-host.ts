import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { contractPath, secretField } from '../../src-preload/bridge/sign-in.ts';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { webSocketChannel } from '../../src-preload/contract/channels/web-socket.ts';
import { listenOnLoopback } from './listen.ts';
import { isLoopbackHost, isOwnOrigin } from './origin.ts';
import type { PageFiles } from './page-files.ts';
import { commonHeaders } from './page-security.ts';
import { Sessions } from './sessions.ts';
import { type SignInLimits, defaultSignInLimits, signIn } from './sign-in.ts';

export interface WebHostOptions {
  /** Null in development, where vite serves the page. */
  page: PageFiles | null;
  /** The port that is wished for. */
  port: number;
  /** Whether only that port will do; else the next free one is taken. */
  exactPort: boolean;
  /** A page that has signed in. */
  onChannel(channel: Channel): void;
  /** Where addresses lead to instead: vite's server, which hands the WebSocket on. */
  shownOrigin?: string | undefined;
  sessions?: Sessions;
  signInLimits?: SignInLimits;
}

export interface WebHost {
  readonly port: number;
  /** An address with a new one-time secret. It opens one tab. */
  newAddress(): string;
  /** Pages that are connected now. */
  readonly pages: number;
  /** Tells the pages that the host goes, and stops listening. */
  close(): Promise<void>;
}

/** A frame of the contract is never longer than this: bulk data travels by range. */
const longestMessageBytes = 64 * 1024 * 1024;
const mostSignInsAtOnce = 32;
const heartbeatMs = 20_000;
/** Codes of the WebSocket protocol: the host goes away. */
const goingAway = 1001;

/**
 * The loopback host of the page: serves the built page and the contract's WebSocket on 127.0.0.1, to whoever came by an
 * address that it made.
 *
 * @throws ResynthError web/port-taken, web/no-free-port.
 */
export async function openWebHost(options: WebHostOptions): Promise<WebHost> {
  const sessions = options.sessions ?? new Sessions();
  const limits = options.signInLimits ?? defaultSignInLimits;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessageBytes,
    perMessageDeflate: false,
    clientTracking: true,
  });
  let signingIn = 0;
  let pages = 0;

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) =>
    answerRequest(options.page, request, response),
  );
  server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    wire.on('error', () => wire.destroy());
    const refusal = refusalOf(request);
    if (refusal) return refuseUpgrade(wire, refusal);
    if (signingIn >= mostSignInsAtOnce) return refuseUpgrade(wire, [503, 'Too many at once']);
    sockets.handleUpgrade(request, wire, head, (socket) => void welcome(socket, request.socket));
  });

  const welcome = async (socket: WebSocket, wire: Socket): Promise<void> => {
    // A failure of the line is followed by its 'close', which is what counts.
    socket.on('error', () => socket.terminate());
    signingIn++;
    const accepted = await signIn(socket, wire, sessions, limits);
    signingIn--;
    if (!accepted) return;
    pages++;
    const stopHeartbeat = keepAlive(socket);
    socket.once('close', () => {
      pages--;
      stopHeartbeat();
    });
    options.onChannel(webSocketChannel(socket));
  };

  const port = await listenOnLoopback(server, options.port, options.exactPort);
  return {
    port,
    newAddress: () =>
      `${options.shownOrigin ?? `http://127.0.0.1:${port}`}/#${secretField}=${sessions.newSecret()}`,
    get pages() {
      return pages;
    },
    close: () => closeAll(server, sockets),
  };
}

function answerRequest(page: PageFiles | null, request: IncomingMessage, response: ServerResponse): void {
  const refuse = (status: number, text: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { ...commonHeaders, 'Content-Type': 'text/plain; charset=utf-8', ...headers });
    response.end(`${text}\n`);
  };
  const { host } = request.headers;
  if (!isLoopbackHost(host)) return refuse(403, 'This host answers only to localhost.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });
  }
  if (!page) return refuse(404, 'In development the page is on another port.');
  const answer = page.answer({
    path: (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/',
    knownTag: request.headers['if-none-match'],
    acceptsGzip: /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')),
    // Not every browser counts the WebSocket of the same origin as 'self'.
    connectSource: `ws://${host}`,
  });
  const length = answer.status === 304 ? {} : { 'Content-Length': String(answer.body.byteLength) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

/** Why a WebSocket is not even begun, as HTTP status and words; null where it may. */
function refusalOf(request: IncomingMessage): [number, string] | null {
  const { host, origin } = request.headers;
  if (!isLoopbackHost(host) || !isOwnOrigin(origin, host)) return [403, 'Forbidden'];
  if (request.method !== 'GET' || request.url !== contractPath) return [404, 'Not Found'];
  return null;
}

function refuseUpgrade(wire: Duplex, [status, words]: [number, string]): void {
  wire.end(`HTTP/1.1 ${status} ${words}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  wire.once('finish', () => wire.destroy());
}

/** Ends a connection whose other side no longer answers (a tunnel that died, a machine that sleeps). */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, heartbeatMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(goingAway, 'the host is closing');
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A page that does not answer the goodbye is not waited for.
  const force = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
  }, 500);
  await stopped;
  clearTimeout(force);
}
