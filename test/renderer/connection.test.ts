// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ElectronBridge } from '../../src-preload/bridge/window.ts';
import { portMessage } from '../../src-preload/bridge/window.ts';
import { needsNewAddress, openChannel } from '../../src-renderer/connection.ts';

/** A host that answers first messages by what they show; null says nothing and closes. */
let answers: (request: { secret?: string; token?: string }) => object | null;
let asked: object[];

class FakeSocket extends EventTarget {
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly close = vi.fn();

  constructor() {
    super();
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(data: string): void {
    const request = JSON.parse(data) as object;
    asked.push(request);
    const answer = answers(request);
    if (answer) this.onmessage?.({ data: JSON.stringify(answer) });
    else this.onclose?.();
  }
}

beforeEach(() => {
  asked = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  sessionStorage.clear();
  history.replaceState(null, '', '/');
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  delete (window as { resynth?: unknown }).resynth;
});

const outcome = (): Promise<unknown> => openChannel().catch((error: unknown) => error);

describe('a page in a browser', () => {
  test('exchanges the secret, takes it out of the address, and comes back with the token', async () => {
    history.replaceState(null, '', '/#secret=once');
    answers = () => ({ kind: 'accepted', token: 'mine' });
    await openChannel();
    expect(location.href).not.toContain('secret');
    expect(location.hash).toBe('');
    await openChannel();
    expect(asked).toEqual([{ secret: 'once' }, { token: 'mine' }]);
  });

  test('goes on with its session where the address was used already', async () => {
    sessionStorage.setItem('resynth.session', 'mine');
    history.replaceState(null, '', '/#secret=used');
    answers = ({ token }) => (token ? { kind: 'accepted', token } : { kind: 'refused' });
    await openChannel();
    expect(asked).toEqual([{ secret: 'used' }, { token: 'mine' }]);
  });

  test('needs a new address where nothing that it has is accepted, and asks no more', async () => {
    sessionStorage.setItem('resynth.session', 'old');
    answers = () => ({ kind: 'refused' });
    expect(needsNewAddress(await outcome())).toBe(true);
    expect(needsNewAddress(await outcome())).toBe(true);
    expect(asked).toEqual([{ token: 'old' }]);
  });

  test('keeps its session while the host does not answer', async () => {
    sessionStorage.setItem('resynth.session', 'mine');
    for (const silent of [null, { kind: 'nonsense' }]) {
      answers = () => silent;
      const error = await outcome();
      expect(error).toMatchObject({ code: 'web/no-answer' });
      expect(needsNewAddress(error)).toBe(false);
    }
    expect(sessionStorage.getItem('resynth.session')).toBe('mine');
  });

  test('keeps the secret of its address until the host has answered', async () => {
    history.replaceState(null, '', '/#secret=once');
    answers = () => null;
    expect(await outcome()).toMatchObject({ code: 'web/no-answer' });
    answers = () => ({ kind: 'accepted', token: 'mine' });
    await openChannel();
    await openChannel();
    expect(asked).toEqual([{ secret: 'once' }, { secret: 'once' }, { token: 'mine' }]);
  });

  test('waits as long as the host says, then asks the same again', async () => {
    vi.useFakeTimers();
    sessionStorage.setItem('resynth.session', 'mine');
    answers = () => (asked.length < 2 ? { kind: 'wait', seconds: 7 } : { kind: 'accepted', token: 'mine' });
    const channel = openChannel();
    await vi.advanceTimersByTimeAsync(6900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    await channel;
    expect(asked).toEqual([{ token: 'mine' }, { token: 'mine' }]);
  });
});

describe("a page in Electron's window", () => {
  function inElectron(deliver: (id: string) => void): void {
    const bridge: Partial<ElectronBridge> = { openPort: deliver };
    Object.assign(window, { resynth: bridge });
  }
  const message = (data: unknown, source: Window | null, ports: MessagePort[] = []): void =>
    void window.dispatchEvent(new MessageEvent('message', { data, source, ports } as MessageEventInit));

  test('takes the port with its own id, from its own window', async () => {
    const port = { postMessage: vi.fn(), addEventListener: vi.fn(), start: vi.fn(), close: vi.fn() };
    const stranger = { ...port, start: vi.fn() };
    const withPort = (data: unknown, source: Window | null, one: object): void => {
      const event = new Event('message');
      Object.assign(event, { data, source, ports: [one] });
      window.dispatchEvent(event);
    };
    inElectron((id) => {
      message(null, window);
      withPort({ [portMessage]: 'another' }, window, stranger);
      withPort({ [portMessage]: id }, null, stranger);
      withPort({ [portMessage]: id }, window, port);
    });
    await openChannel();
    expect(port.start).toHaveBeenCalledOnce();
    expect(stranger.start).not.toHaveBeenCalled();
    expect(asked).toEqual([]);
  });

  test('does not wait for ever', async () => {
    vi.useFakeTimers();
    inElectron(() => undefined);
    const result = outcome();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await result).toMatchObject({ code: 'web/no-answer' });
  });
});
