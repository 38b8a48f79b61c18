// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runsLog } from '../../../../src-preload/contract/commands/runs-live.ts';
import { RunLog } from '../../../../src-renderer/state/runs/runs-log.svelte.ts';
import { FakeLine } from '../../fake-line.ts';

const answer = (from: number, text: string, size = from + text.length) => ({
  run: 'r1',
  from,
  next: from + text.length,
  text,
  size,
});

describe('the log of a run', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is read on from where it was', async () => {
    const line = new FakeLine();
    const log = new RunLog(line, 'r1');
    log.follow(true);
    expect(await line.answer(runsLog, answer(100, 'one\n'))).toEqual({ run: 'r1' });
    expect(log.cut).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await line.answer(runsLog, answer(104, 'two\n'))).toEqual({ run: 'r1', from: 104 });
    expect(log.text).toBe('one\ntwo\n');
    log.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(line.open(runsLog)).toBe(0);
  });

  it('begins anew where the file became shorter', async () => {
    const line = new FakeLine();
    const log = new RunLog(line, 'r1');
    void log.read();
    await line.answer(runsLog, answer(0, 'a long beginning\n'));
    void log.read();
    await line.answer(runsLog, answer(17, '', 4));
    void log.read();
    expect(await line.answer(runsLog, answer(0, 'new\n'))).toEqual({ run: 'r1' });
    expect(log.text).toBe('new\n');
    log.close();
  });

  it('can be read from its beginning', async () => {
    const line = new FakeLine();
    const log = new RunLog(line, 'r1');
    void log.read();
    await line.answer(runsLog, answer(50, 'end\n'));
    void log.readAll();
    expect(await line.answer(runsLog, answer(0, 'all of it\n'))).toEqual({ run: 'r1', from: 0 });
    expect(log.cut).toBe(false);
    expect(log.text).toBe('all of it\n');
    log.close();
  });

  it('says why it cannot be read, and goes on when it can', async () => {
    const line = new FakeLine();
    const log = new RunLog(line, 'r1');
    log.follow(true);
    await line.refuse(runsLog, new Error('gone'));
    expect(log.error).toBeInstanceOf(Error);
    await vi.advanceTimersByTimeAsync(1000);
    await line.answer(runsLog, answer(0, 'back\n'));
    expect(log.error).toBeNull();
    log.close();
  });

  it('drops its beginning at whole lines when it grows beyond what anybody scrolls through', async () => {
    const line = new FakeLine();
    const log = new RunLog(line, 'r1');
    void log.read();
    await line.answer(runsLog, answer(0, `${'x'.repeat(79)}\n`.repeat(13_000)));
    expect(log.text.length).toBeLessThanOrEqual(1_000_000);
    expect(log.text.startsWith('x'.repeat(79))).toBe(true);
    log.close();
  });
});
