import type { RawData, WebSocket } from 'ws';
import { type SignInAnswer, signInRequest } from '../../src-preload/bridge/sign-in.ts';
import type { Sessions } from './sessions.ts';

/** Close codes of a WebSocket (4000 to 4999 are an application's own). */
export const closeCodes = { refused: 4401, wait: 4429, tooSlow: 4408 } as const;

export interface SignInLimits {
  /** A socket that has not signed in by then is closed. */
  patienceMs: number;
  /** More than this on the wire before signing in ends the connection at once. */
  mostBytes: number;
}

export const defaultSignInLimits: SignInLimits = { patienceMs: 5000, mostBytes: 4096 };

/**
 * Reads the first message of a new WebSocket and answers it. Resolves to true if the other side may go on; else the
 * socket is closed, or closing, when this resolves.
 */
export function signIn(
  socket: WebSocket,
  wire: {
    on(event: 'data', listener: (bytes: Buffer) => void): unknown;
    off: (...args: [string, (bytes: Buffer) => void]) => unknown;
  },
  sessions: Sessions,
  limits: SignInLimits,
): Promise<boolean> {
  return new Promise((resolve) => {
    let bytesSoFar = 0;
    const count = (bytes: Buffer): void => {
      bytesSoFar += bytes.byteLength;
      // Counted on the wire: a long message would otherwise be gathered in memory before anyone looks at it.
      if (bytesSoFar > limits.mostBytes) socket.terminate();
    };
    const timer = setTimeout(() => socket.close(closeCodes.tooSlow, 'no sign-in'), limits.patienceMs);
    const settle = (accepted: boolean): void => {
      clearTimeout(timer);
      wire.off('data', count);
      socket.off('message', first);
      socket.off('close', closed);
      resolve(accepted);
    };
    const closed = (): void => settle(false);
    const first = (data: RawData, isBinary: boolean): void => {
      const answer = isBinary ? refusal : answerTo(String(data), sessions);
      settle(answer.kind === 'accepted');
      socket.send(JSON.stringify(answer));
      if (answer.kind === 'refused') socket.close(closeCodes.refused, 'not accepted');
      if (answer.kind === 'wait') socket.close(closeCodes.wait, 'too many tries');
    };
    wire.on('data', count);
    socket.once('message', first);
    socket.once('close', closed);
  });
}

const refusal: SignInAnswer = { kind: 'refused' };

function answerTo(text: string, sessions: Sessions): SignInAnswer {
  const { waitSeconds } = sessions;
  if (waitSeconds > 0) return { kind: 'wait', seconds: waitSeconds };
  const request = signInRequest.safeParse(parseJson(text));
  if (!request.success) return refusal;
  if ('token' in request.data) {
    return sessions.accepts(request.data.token) ? { kind: 'accepted', token: request.data.token } : refusal;
  }
  const token = sessions.exchange(request.data.secret);
  return token === null ? refusal : { kind: 'accepted', token };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not a request: the schema refuses undefined.
    return undefined;
  }
}
