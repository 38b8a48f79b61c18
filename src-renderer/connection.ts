import {
  type SignInAnswer,
  type SignInRequest,
  contractPath,
  secretField,
  signInAnswer,
} from '../src-preload/bridge/sign-in.ts';
import { portMessage } from '../src-preload/bridge/window.ts';
import type { Channel } from '../src-preload/contract/channel.ts';
import { messagePortChannel } from '../src-preload/contract/channels/message-port.ts';
import { webSocketChannel } from '../src-preload/contract/channels/web-socket.ts';
import { ResynthError } from '../src-preload/contract/errors/error.ts';

const tokenKey = 'resynth.session';
/** No answer for so long means that nobody is there; a machine that is busy answers later than this only if it hangs. */
const patienceMs = 10_000;

/**
 * Opens one line to the host: Electron's port, or the WebSocket of the host that served this page. May be called again
 * whenever a line was lost.
 *
 * @throws ResynthError web/not-accepted where only a new address helps; web/no-answer where trying again may.
 */
export function openChannel(): Promise<Channel> {
  return window.resynth ? openElectronChannel(window.resynth) : openWebChannel();
}

/** Whether an error of openChannel is final: this page has no session, and trying again would be in vain. */
export function needsNewAddress(error: unknown): boolean {
  return error instanceof ResynthError && error.code === 'web/not-accepted';
}

async function openElectronChannel(bridge: NonNullable<Window['resynth']>): Promise<Channel> {
  const id = crypto.randomUUID();
  const port = await new Promise<MessagePort>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      window.removeEventListener('message', arrived);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new ResynthError('web/no-answer'));
    }, patienceMs);
    const arrived = (event: MessageEvent<unknown>): void => {
      if (event.source !== window || !isPortMessage(event.data) || event.data[portMessage] !== id) return;
      const [received] = event.ports;
      if (!received) return;
      stop();
      resolve(received);
    };
    window.addEventListener('message', arrived);
    bridge.openPort(id);
  });
  return messagePortChannel(port);
}

function isPortMessage(data: unknown): data is Record<typeof portMessage, unknown> {
  return typeof data === 'object' && data !== null && portMessage in data;
}

async function openWebChannel(): Promise<Channel> {
  for (const request of signInRequests()) {
    for (;;) {
      const { answer, socket } = await askToSignIn(request);
      if (answer.kind === 'accepted') {
        sessionStorage.setItem(tokenKey, answer.token);
        unansweredSecret = null;
        return webSocketChannel(socket);
      }
      if (answer.kind === 'refused') break;
      await new Promise((resolve) => setTimeout(resolve, answer.seconds * 1000));
    }
    if ('token' in request) sessionStorage.removeItem(tokenKey);
    else unansweredSecret = null;
  }
  throw new ResynthError('web/not-accepted');
}

/** Shown to a host that did not answer: it may still be good, and the address no longer has it. */
let unansweredSecret: string | null = null;

/** What this tab can show: the secret of the address it was opened with, and the session that it already has. */
function signInRequests(): SignInRequest[] {
  const requests: SignInRequest[] = [];
  const secret = takeSecret() ?? unansweredSecret;
  unansweredSecret = secret;
  const token = sessionStorage.getItem(tokenKey);
  if (secret) requests.push({ secret });
  if (token) requests.push({ token });
  return requests;
}

/** The secret in the address, which is taken out of it: it neither stays in sight nor in the history. */
function takeSecret(): string | null {
  const secret = new URLSearchParams(location.hash.slice(1)).get(secretField);
  if (secret !== null) history.replaceState(history.state, '', location.pathname + location.search);
  return secret;
}

// An address that is pasted into a tab of ours changes only the fragment, which loads nothing by itself.
window.addEventListener('hashchange', () => {
  if (new URLSearchParams(location.hash.slice(1)).has(secretField)) location.reload();
});

/** Opens the WebSocket and shows it one credential. The socket that comes with 'accepted' is open. */
function askToSignIn(request: SignInRequest): Promise<{ answer: SignInAnswer; socket: WebSocket }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(
      `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${contractPath}`,
    );
    socket.binaryType = 'arraybuffer';
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      socket.onopen = socket.onmessage = socket.onclose = null;
      outcome();
    };
    const fail = (): void =>
      settle(() => {
        socket.close();
        reject(new ResynthError('web/no-answer'));
      });
    const timer = setTimeout(fail, patienceMs);
    socket.onopen = () => socket.send(JSON.stringify(request));
    socket.onclose = fail;
    socket.onmessage = (event: MessageEvent<unknown>) => {
      const answer = signInAnswer.safeParse(parseJson(event.data));
      if (!answer.success) return fail();
      settle(() => resolve({ answer: answer.data, socket }));
    };
  });
}

function parseJson(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    // Not an answer of ours: the schema refuses undefined.
    return undefined;
  }
}
