import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { type QuitChoice, Quitting, askBeforeQuit } from '../../src-main/electron/quit.ts';

describe('the question before the end', () => {
  const asked = async (runs: number, response: number): Promise<{ choice: QuitChoice; words: string }> => {
    const showMessageBox = vi.fn(() => Promise.resolve({ response, checkboxChecked: false }));
    const choice = await askBeforeQuit({ showMessageBox } as never, runs);
    return { choice, words: JSON.stringify(showMessageBox.mock.calls) };
  };

  test('is not asked where nothing trains', async () => {
    const { choice, words } = await asked(0, 2);
    expect(choice).toBe('go-on');
    expect(words).toBe('[]');
  });

  test('has an answer for each button, and anything else stays', async () => {
    const choices = await Promise.all([0, 1, 2, 3].map((response) => asked(2, response)));
    expect(choices.map(({ choice }) => choice)).toEqual(['go-on', 'stop', 'stay', 'stay']);
    expect(choices[0]?.words).toContain('2 runs are training');
  });
});

describe('quitting', () => {
  function application(choice: QuitChoice, platform: NodeJS.Platform = 'linux') {
    const app = Object.assign(new EventEmitter(), { quit: vi.fn() });
    const close = vi.fn(() => Promise.resolve());
    const failed = vi.fn();
    const ask = vi.fn(() => Promise.resolve(choice));
    const quitting = new Quitting({ app: app as unknown as App, platform, ask, close, failed });
    const beforeQuit = async (): Promise<boolean> => {
      const preventDefault = vi.fn();
      app.emit('before-quit', { preventDefault });
      await new Promise(setImmediate);
      return preventDefault.mock.calls.length > 0;
    };
    return { app, close, failed, ask, quitting, beforeQuit };
  }

  test('waits for the host, then goes through', async () => {
    const { app, close, beforeQuit } = application('go-on');
    expect(await beforeQuit()).toBe(true);
    expect(close).toHaveBeenCalledWith(false);
    expect(app.quit).toHaveBeenCalledOnce();
    expect(await beforeQuit()).toBe(false);
  });

  test('stops runs where that was chosen', async () => {
    const { close, beforeQuit } = application('stop');
    await beforeQuit();
    expect(close).toHaveBeenCalledWith(true);
  });

  test('is taken back, and asked again the next time', async () => {
    const { app, close, ask, beforeQuit } = application('stay');
    await beforeQuit();
    expect(close).not.toHaveBeenCalled();
    expect(app.quit).not.toHaveBeenCalled();
    await beforeQuit();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('is asked once, however often it is wanted meanwhile', async () => {
    const { app, ask } = application('stop');
    const event = { preventDefault: vi.fn() };
    app.emit('before-quit', event);
    app.emit('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledTimes(2);
    expect(ask).toHaveBeenCalledOnce();
  });

  test('reports a host that cannot be closed', async () => {
    const { close, failed, beforeQuit } = application('go-on');
    close.mockRejectedValueOnce(new Error('stuck'));
    await beforeQuit();
    expect(failed).toHaveBeenCalledOnce();
  });

  test('closing the window asks while it is still there; on macOS it only closes', () => {
    const linux = application('stay');
    const event = { preventDefault: vi.fn() };
    linux.quitting.windowCloses(event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(linux.app.quit).toHaveBeenCalledOnce();
    const mac = application('stay', 'darwin');
    mac.quitting.windowCloses(event);
    mac.app.emit('window-all-closed');
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(mac.app.quit).not.toHaveBeenCalled();
  });
});
