import { EventEmitter } from 'node:events';
import type { App, Session, WebContents } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { guardApp, guardContents, guardSession } from '../../src-main/electron/guards.ts';

type Handler = (...args: unknown[]) => unknown;

function fakeSession() {
  const handlers: Record<string, Handler> = {};
  const keep = (name: string) => (handler: Handler) => void (handlers[name] = handler);
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: keep('request'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
    setDisplayMediaRequestHandler: keep('display'),
    webRequest: { onBeforeRequest: keep('load') },
  });
  guardSession(session as unknown as Session);
  const call = (name: string, ...args: unknown[]): unknown => handlers[name]?.(...args);
  return { session, call };
}

const page = { getURL: () => 'app://resynth/index.html' };
const stranger = { getURL: () => 'app://stranger/index.html' };

describe('permissions', () => {
  const asked = (contents: unknown, permission: string): unknown => {
    const answer = vi.fn();
    fakeSession().call('request', contents, permission, answer);
    return answer.mock.calls[0]?.[0];
  };

  test.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'fullscreen',
    'hid',
    'usb',
    'fileSystem',
    'unknown',
  ])('%s is refused', (permission) => {
    expect(asked(page, permission)).toBe(false);
    expect(fakeSession().call('check', null, permission, 'app://resynth')).toBe(false);
  });

  test('writing to the clipboard is for the page alone', () => {
    expect(asked(page, 'clipboard-sanitized-write')).toBe(true);
    expect(asked(stranger, 'clipboard-sanitized-write')).toBe(false);
    const { call } = fakeSession();
    expect(call('check', null, 'clipboard-sanitized-write', 'app://resynth')).toBe(true);
    expect(call('check', null, 'clipboard-sanitized-write', 'https://evil.example')).toBe(false);
  });

  describe('the microphone', () => {
    const requested = (contents: unknown, details: unknown): unknown => {
      const answer = vi.fn();
      fakeSession().call('request', contents, 'media', answer, details);
      return answer.mock.calls[0]?.[0];
    };
    const checked = (origin: string, details: unknown): unknown =>
      fakeSession().call('check', null, 'media', origin, details);

    test('is for the page alone, without a camera', () => {
      expect(requested(page, { mediaTypes: ['audio'], isMainFrame: true })).toBe(true);
      expect(requested(stranger, { mediaTypes: ['audio'], isMainFrame: true })).toBe(false);
      expect(requested(page, { mediaTypes: ['audio', 'video'], isMainFrame: true })).toBe(false);
      expect(requested(page, { mediaTypes: ['video'], isMainFrame: true })).toBe(false);
      expect(requested(page, { mediaTypes: [], isMainFrame: true })).toBe(false);
      expect(requested(page, { isMainFrame: true })).toBe(false);
      expect(requested(page, { mediaTypes: ['audio'], isMainFrame: false })).toBe(false);
    });

    test('is told to be allowed to the page alone', () => {
      expect(checked('app://resynth', { mediaType: 'audio', isMainFrame: true })).toBe(true);
      expect(checked('app://resynth', { mediaType: 'video', isMainFrame: true })).toBe(false);
      expect(checked('app://resynth', { mediaType: 'unknown', isMainFrame: true })).toBe(false);
      expect(checked('https://evil.example', { mediaType: 'audio', isMainFrame: true })).toBe(false);
    });
  });

  test('no device and no screen is given', () => {
    const { call } = fakeSession();
    expect(call('device', {})).toBe(false);
    const answer = vi.fn();
    call('display', {}, answer);
    expect(answer).toHaveBeenCalledWith({});
  });
});

describe('loading', () => {
  test.each([
    ['app://resynth/index.html', false],
    ['blob:app://resynth/1234', false],
    ['data:image/png;base64,AAAA', false],
    ['devtools://devtools/bundled/x.html', false],
    ['https://evil.example/', true],
    ['http://127.0.0.1:47100/', true],
    ['ws://127.0.0.1:47100/contract', true],
    ['file:///etc/passwd', true],
    ['ftp://evil.example/', true],
    ['not an address', true],
  ])('%s: cancelled is %s', (url, cancel) => {
    const answer = vi.fn();
    fakeSession().call('load', { url }, answer);
    expect(answer).toHaveBeenCalledWith({ cancel });
  });

  test.each([
    ['blob:app://resynth/1234', false],
    ['https://evil.example/file', true],
    ['data:text/plain,x', true],
  ])('a download of %s: refused is %s', (url, refused) => {
    const { session } = fakeSession();
    const event = { preventDefault: vi.fn() };
    session.emit('will-download', event, { getURL: () => url });
    expect(event.preventDefault.mock.calls.length > 0).toBe(refused);
  });
});

describe('a window', () => {
  function fakeContents() {
    let opener: Handler = () => undefined;
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: Handler) => void (opener = handler),
    });
    return { contents, open: (url: string) => opener({ url }) };
  }

  test('opens no other', () => {
    const { contents, open } = fakeContents();
    guardContents(contents as unknown as WebContents);
    expect(open('https://evil.example')).toEqual({ action: 'deny' });
    expect(open('app://resynth/index.html')).toEqual({ action: 'deny' });
  });

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s leads nowhere else', (name) => {
    const { contents } = fakeContents();
    guardContents(contents as unknown as WebContents);
    const went = (url: string): boolean => {
      const preventDefault = vi.fn();
      contents.emit(name, { url, preventDefault });
      return preventDefault.mock.calls.length === 0;
    };
    expect(went('app://resynth/index.html#/runs')).toBe(true);
    for (const url of [
      'https://evil.example/',
      'file:///etc/passwd',
      'app://resynth.evil/',
      'app://stranger/index.html',
      'javascript:alert(1)',
      'data:text/html,x',
      'about:blank',
      '',
    ]) {
      expect(went(url), url).toBe(false);
    }
  });

  test('embeds nothing', () => {
    const { contents } = fakeContents();
    guardContents(contents as unknown as WebContents);
    const preventDefault = vi.fn();
    contents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  test('is guarded whoever opens it', () => {
    const app = new EventEmitter();
    guardApp(app as unknown as App);
    const { contents, open } = fakeContents();
    app.emit('web-contents-created', {}, contents);
    expect(open('https://evil.example')).toEqual({ action: 'deny' });
  });
});
