/**
 * Progress of the set-up on stderr (stdout belongs to the command that runs afterwards): one line that is redrawn on a
 * terminal; elsewhere, in a log, a line when a stage begins and every few seconds.
 */
export class ProgressLine {
  #stream = process.stderr;
  #stage = '';
  #stageStart = 0;
  #lastPrint = 0;
  #drawn = false;

  /** @param {{stage: string, done?: number, total?: number, unit?: string, detail?: string}} event */
  show(event) {
    const now = Date.now();
    if (event.stage !== this.#stage) {
      this.end();
      this.#stage = event.stage;
      this.#stageStart = now;
      this.#lastPrint = 0;
    }
    const everyMs = this.#stream.isTTY ? 100 : 5000;
    if (now - this.#lastPrint < everyMs) return;
    this.#lastPrint = now;
    const seconds = Math.round((now - this.#stageStart) / 1000);
    const parts = [amount(event), event.detail, `${seconds} s`].filter(Boolean);
    const line = `${event.stage}: ${parts.join(', ')}`;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${line}\n`);
      return;
    }
    const width = (this.#stream.columns || 80) - 1;
    this.#stream.write(`\r\x1b[K${line.length > width ? `${line.slice(0, width - 3)}...` : line}`);
    this.#drawn = true;
  }

  /** Ends a stage: on a terminal its line is left standing, so that what was done can be read afterwards. */
  end() {
    if (this.#drawn) this.#stream.write('\n');
    this.#drawn = false;
    this.#stage = '';
  }

  /** A line of its own. */
  say(text) {
    this.end();
    this.#stream.write(`${text}\n`);
  }
}

function amount({ done, total, unit }) {
  if (done === undefined) return '';
  if (unit === 'bytes') {
    const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
    return total === undefined ? `${megabytes(done)} MB` : `${megabytes(done)} of ${megabytes(total)} MB`;
  }
  return total === undefined ? `${done} ${unit ?? ''}`.trim() : `${done} of ${total} ${unit ?? ''}`.trim();
}
