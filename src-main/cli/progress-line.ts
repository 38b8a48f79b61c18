import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { oneLine, width } from './layout.ts';
import { bytes, count, duration, significant } from './numbers.ts';

/** Where progress is written: stderr in life, a list in tests. */
export interface ProgressSink {
  isTTY: boolean;
  columns: number;
  write(text: string): void;
}

const TTY_INTERVAL_MS = 80;
const PLAIN_INTERVAL_MS = 3000;

/**
 * Shows progress: on a terminal one line rewritten in place, elsewhere a line at most every three seconds (and the
 * first and last of each stage). Rates and the time left come from measured work, never from a guess.
 */
export class ProgressLine {
  readonly #sink: ProgressSink;
  readonly #now: () => number;
  #stage = '';
  #stageStartMs = 0;
  #stageStartDone = 0;
  #shownMs = -Infinity;
  #shown: ProgressEvent | undefined;
  #last: ProgressEvent | undefined;
  #onScreen = false;

  constructor(sink: ProgressSink, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
  }

  show(event: ProgressEvent): void {
    const now = this.#now();
    if (event.stage !== this.#stage) {
      this.#finishStage();
      this.#stage = event.stage;
      this.#stageStartMs = now;
      this.#stageStartDone = event.done ?? 0;
      this.#shownMs = -Infinity;
    }
    this.#last = event;
    if (event.warning !== undefined) {
      this.#clear();
      this.#sink.write(`warning: ${oneLine(event.warning)}\n`);
      return;
    }
    const isEnd = event.total !== undefined && event.done === event.total;
    const interval = this.#sink.isTTY ? TTY_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (!isEnd && now - this.#shownMs < interval) return;
    if (isEnd && this.#shown !== undefined && this.#shown.done === event.done) return;
    this.#shownMs = now;
    this.#paint(event, now);
  }

  /** Ends the line; nothing is left half written. */
  finish(): void {
    this.#finishStage();
    this.#stage = '';
  }

  #finishStage(): void {
    const last = this.#last;
    if (last && last !== this.#shown && last.warning === undefined) this.#paint(last, this.#now());
    this.#last = undefined;
    this.#shown = undefined;
    if (this.#onScreen) this.#sink.write('\n');
    this.#onScreen = false;
  }

  #paint(event: ProgressEvent, now: number): void {
    this.#shown = event;
    const text = describe(event, (now - this.#stageStartMs) / 1000, this.#stageStartDone);
    if (!this.#sink.isTTY) {
      this.#sink.write(`${text}\n`);
      return;
    }
    this.#sink.write(`\r\u001b[2K${cut(text, this.#sink.columns - 1)}`);
    this.#onScreen = true;
  }

  #clear(): void {
    if (this.#onScreen) this.#sink.write('\r\u001b[2K');
    this.#onScreen = false;
  }
}

/** 'Training  120/400 epochs  30 %  8.1 epochs/s  35 s left  loss 12.3'. */
function describe(event: ProgressEvent, elapsedSec: number, startDone: number): string {
  const { done, total, unit } = event;
  const parts = [oneLine(event.stage)];
  if (done !== undefined) {
    const show = unit === 'bytes' ? bytes : count;
    const name = unit === undefined || unit === 'bytes' ? '' : ` ${unit}`;
    parts.push(total === undefined ? `${show(done)}${name}` : `${show(done)}/${show(total)}${name}`);
    if (total !== undefined && total > 0) parts.push(`${Math.floor((100 * done) / total)} %`);
    const moved = done - startDone;
    if (moved > 0 && elapsedSec > 1) {
      const rate = moved / elapsedSec;
      parts.push(unit === 'bytes' ? `${bytes(rate)}/s` : `${significant(rate, 2)}${name || ' '}/s`);
      if (total !== undefined && done < total) parts.push(`${duration((total - done) / rate)} left`);
    }
  }
  if (event.detail !== undefined) parts.push(oneLine(event.detail));
  return parts.join('  ');
}

function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let shown = '';
  for (const character of text) {
    if (width(shown) + 2 > columns) break;
    shown += character;
  }
  return `${shown}…`;
}
