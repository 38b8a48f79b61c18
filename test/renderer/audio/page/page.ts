import processorUrl from '../../../../src-renderer/audio/processor.ts?worker&url';
import type { ProcessorOptions } from '../../../../src-renderer/audio/messages.ts';
import { processorName } from '../../../../src-renderer/audio/processor-name.ts';
import { Transport } from '../../../../src-renderer/audio/transport.ts';
import { busyMinute, idealPlaces, ordersOf, quietest, sharpest, tone, worstError } from '../mixed.ts';

/** What the test in a browser runs: the mixer in the audio thread of an offline context, and the transport in a real one. */

const rateHz = 16_000;

async function renderMinute(seconds: number) {
  const script = busyMinute(rateHz, seconds);
  const context = new OfflineAudioContext(2, script.frames, rateHz);
  await context.audioWorklet.addModule(processorUrl);
  const processorOptions: ProcessorOptions = { orders: ordersOf(script) };
  const node = new AudioWorkletNode(context, processorName, {
    numberOfInputs: 0,
    outputChannelCount: [2],
    processorOptions,
  });
  node.connect(context.destination);
  const rendered = await context.startRendering();
  const [left, right] = [rendered.getChannelData(0), rendered.getChannelData(1)];
  const places = idealPlaces(script);
  return {
    frames: left.length,
    rateHz: rendered.sampleRate,
    exact: places.filter(Boolean).length / places.length,
    error: Math.max(worstError(left, places, script.tracks), worstError(right, places, script.tracks)),
    sharpest: sharpest(left),
    quietest: quietest(left, 0, left.length - 128, 0.025 * rateHz),
    switches: script.orders.filter(({ kind }) => kind === 'mix').length,
  };
}

const transport = new Transport();
const errors: string[] = [];
transport.onerror = (error) => void errors.push(String(error));
for (const [id, hz] of [
  ['a', 300],
  ['b', 301],
] as const) {
  transport.add({
    id,
    sound: { sampleRateHz: rateHz, channels: 1, samples: tone(hz, rateHz, 2 * rateHz) },
    gainDb: 3,
  });
}
document.querySelector('#play')?.addEventListener('click', () => transport.play());

Object.assign(window, { renderMinute, transport, errors });
