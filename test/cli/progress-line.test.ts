import { describe, expect, it } from 'vitest';
import { ProgressLine } from '../../src-main/cli/progress-line.ts';

function recorder(
  isTTY: boolean,
  columns = 80,
): { line: ProgressLine; text: () => string; pass: (ms: number) => void } {
  let written = '';
  let now = 0;
  const line = new ProgressLine({ isTTY, columns, write: (text) => void (written += text) }, () => now);
  return { line, text: () => written, pass: (ms) => void (now += ms) };
}

describe('ProgressLine', () => {
  it('writes a plain line at most every three seconds, and the last of each stage', () => {
    const { line, text, pass } = recorder(false);
    for (let done = 0; done <= 100; done++) {
      line.show({ stage: 'Reading', done, total: 100, unit: 'files' });
      pass(100);
    }
    line.show({ stage: 'Writing', done: 1 });
    line.finish();
    const lines = text().trimEnd().split('\n');
    expect(lines.length).toBe(6);
    expect(lines[0]).toBe('Reading  0/100 files  0 %');
    expect(lines[1]).toBe('Reading  30/100 files  30 %  10 files/s  7.0 s left');
    expect(lines[4]).toContain('100/100 files  100 %');
    expect(lines[5]).toBe('Writing  1');
  });

  it('rewrites one line on a terminal, never wider than it, and ends it', () => {
    const { line, text, pass } = recorder(true, 30);
    line.show({ stage: 'A stage with a name that is far too long', done: 1, total: 2 });
    pass(1000);
    line.show({ stage: 'A stage with a name that is far too long', done: 2, total: 2 });
    line.finish();
    const painted = text().split('\r\u001b[2K').slice(1);
    expect(painted.length).toBe(2);
    for (const one of painted) expect(one.trimEnd().length).toBeLessThanOrEqual(29);
    expect(text().endsWith('\n')).toBe(true);
  });

  it('keeps warnings, on their own line', () => {
    const { line, text } = recorder(true);
    line.show({ stage: 'Reading', done: 1 });
    line.show({ stage: 'Reading', warning: 'a\nb.wav is longer than the model hears' });
    expect(text()).toContain('warning: a\\nb.wav is longer');
  });

  it('paints the last word of a stage even when it came too soon to be shown', () => {
    const { line, text } = recorder(false);
    line.show({ stage: 'Reading', done: 1 });
    line.show({ stage: 'Reading', done: 7 });
    line.finish();
    expect(text()).toBe('Reading  1\nReading  7\n');
  });
});
