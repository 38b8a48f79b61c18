import type { Page } from 'playwright';
import { chromiumExecutable } from '../../helpers/chromium.ts';
import { WebHostProcess } from '../../helpers/web-host.ts';
import { extremes, median, type BenchRow } from '../report.ts';
import { makeSweep } from './compare.ts';
import { loadNote, type PartOptions, quantile, section, withScratch } from './part.ts';
import { openChromium } from './start.ts';

const switches = 24;
const targetMs = 30;
const what = 'switch of source, from the key to the first changed sample, p95';
const target = `< ${targetMs} ms`;

/**
 * From a key press to the first sample of another version, in Chromium on the page of a comparison. What the page sends to
 * the audio thread is made a constant of its own for each version, and what comes out of its last node is recorded: where
 * the level changes, the other version begins. What the sound device adds is told apart.
 */
export async function benchSwitch({ dataFolder, progress }: PartOptions): Promise<BenchRow[]> {
  const executablePath = chromiumExecutable();
  if (executablePath === null)
    return [
      { section, what, value: null, unit: 'ms', target, note: 'no Chromium; RESYNTH_CHROMIUM names one' },
    ];
  return withScratch(async (scratch) => {
    progress('app: write runs to switch between');
    const { home, ids } = await makeSweep(scratch, dataFolder, 2);
    const host = await WebHostProcess.start({ home });
    const browser = await openChromium(executablePath);
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.addInitScript(watchSound);
      await page.goto(host.address);
      await page.getByRole('navigation').first().waitFor();
      await page.evaluate((hash) => (location.hash = hash), `#/compare?runs=${ids.join(',')}`);
      await page
        .getByRole('button', { name: /^Play Original/ })
        .first()
        .click();
      const deck = page.getByRole('region', { name: /^Listening to/ });
      // All versions are here once the last of them has its gain.
      await deck
        .getByRole('button', { name: /^\d?\s*B / })
        .getByText(/dB/)
        .waitFor();
      await page.keyboard.press('l');
      const seen: { mixedMs: number; heardMs: number }[] = [];
      const keys = ['a', 'b', '1', '2'];
      for (let round = 0; round < switches; round++) {
        const one = await switchedIn(page, keys[round % keys.length] ?? 'a');
        if (one !== null) seen.push(one);
        if (round % 8 === 7) progress(`app: switch ${round + 1} of ${switches}`);
      }
      if (seen.length < switches / 2) throw new Error('Too few switches could be seen in the sound.');
      const times = seen.map(({ mixedMs }) => mixedMs);
      const heard = seen.map(({ heardMs }) => heardMs);
      const value = quantile(times, 0.95);
      const { rateHz, latencyMs } = await page.evaluate(() => {
        const { context } = (globalThis as unknown as { sound: { context: AudioContext } }).sound;
        return {
          rateHz: context.sampleRate,
          latencyMs: 1000 * (context.outputLatency || context.baseLatency),
        };
      });
      const quantumMs = (1000 * 128) / rateHz;
      return [
        {
          ...{ section, what, value, unit: 'ms', target, ok: value < targetMs },
          spread: extremes(times),
          note: `${times.length} switches, median ${median(times).toFixed(1)} ms; blocks of ${quantumMs.toFixed(1)} ms at ${rateHz} Hz; ${loadNote()}`,
        },
        {
          ...{ section, what: 'the same until it is heard, p95', value: quantile(heard, 0.95), unit: 'ms' },
          spread: extremes(heard),
          note: `median ${median(heard).toFixed(1)} ms; with ${latencyMs.toFixed(0)} ms of this machine's sound device`,
        },
      ];
    } finally {
      await browser.close();
      await host.stop();
    }
  });
}

/** In the page, before its scripts: versions become constants, the output is recorded, keys are timed. */
function watchSound(): void {
  const sound: { context?: BaseAudioContext; recorder?: AnalyserNode; keyAtSec: number; heardSec: number } = {
    ...{ keyAtSec: 0, heardSec: 0 },
  };
  Object.assign(globalThis, { sound });
  let versions = 0;
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (this: MessagePort, message: unknown, ...rest: unknown[]) {
    const { kind, track } = (message ?? {}) as { kind?: string; track?: { channels?: Float32Array[] } };
    if (kind === 'track') {
      versions++;
      for (const channel of track?.channels ?? []) channel.fill(0.1 * versions);
    }
    Reflect.apply(post, this, [message, ...rest]);
  } as typeof post;
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode & AudioParam, ...rest: number[]) {
    if (to instanceof AudioDestinationNode && !(this.context instanceof OfflineAudioContext)) {
      sound.context = this.context;
      sound.recorder = new AnalyserNode(this.context, { fftSize: 8192 });
      Reflect.apply(connect, this, [sound.recorder]);
    }
    return Reflect.apply(connect, this, [to, ...rest]) as AudioNode;
  } as typeof connect;
  const pressed = (): void => {
    const context = sound.context as AudioContext | undefined;
    if (!context) return;
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    sound.keyAtSec = context.currentTime;
    // What leaves the loudspeaker at this moment was mixed a while ago.
    sound.heardSec = contextTime + (performance.now() - performanceTime) / 1000;
  };
  addEventListener('keydown', pressed, { capture: true });
}

/** Presses a key; gives after how long the sound changed. Null where the end of the loop came between. */
async function switchedIn(page: Page, key: string): Promise<{ mixedMs: number; heardMs: number } | null> {
  await page.waitForTimeout(150);
  await page.keyboard.press(key);
  await page.waitForTimeout(200);
  return page.evaluate(() => {
    const { context, recorder, keyAtSec, heardSec } = (
      globalThis as unknown as {
        sound: { context: AudioContext; recorder: AnalyserNode; keyAtSec: number; heardSec: number };
      }
    ).sound;
    const samples = new Float32Array(recorder.fftSize);
    recorder.getFloatTimeDomainData(samples);
    const endSec = context.currentTime;
    const keyAt = Math.round(samples.length - (endSec - keyAtSec) * context.sampleRate);
    const before = samples[Math.max(0, keyAt)] ?? 0;
    const after = samples.at(-1) ?? 0;
    if (keyAt < 0 || Math.abs(after - before) < 1e-3) return null;
    // Of a monotonous way from one level to the other the first sample that has left the one.
    let at = keyAt;
    while (at < samples.length && Math.abs((samples[at] ?? 0) - before) < 1e-4) at++;
    // What goes the other way is the fade of the loop's end.
    const towards = Math.sign((samples[at + 8] ?? 0) - before) === Math.sign(after - before);
    if (!towards) return null;
    const mixedMs = (1000 * (at - keyAt)) / context.sampleRate;
    return { mixedMs, heardMs: mixedMs + 1000 * (keyAtSec - heardSec) };
  });
}
