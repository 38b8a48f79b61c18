import { Buffer } from 'node:buffer';
import { html, type Html } from '../../page/html.ts';
import { frequencyTicks, timeTicks } from '../../page/ticks.ts';
import type { DemoPageData, PageClip, PageSound } from './data.ts';
import { valueText } from '../../page/line-chart.ts';
import type { PictureData } from './pictures.ts';

/** Levels that the colours run over, in dB; 0 is the loudest bin of the original. */
export const floorDb = -80;
export const ceilingDb = 0;

/** Cards of sounds with their pictures, and what the page's script needs to paint them. */
export interface Listening {
  clips: Html;
  samples: Html;
  pictures: PictureData;
}

export function listening(data: DemoPageData): Listening {
  const pictures: PictureData = { floorDb, ceilingDb, clips: [] };
  const add = (id: string, sounds: readonly PageSound[]): void => {
    const { bins, frames } = data.pipeline;
    pictures.clips.push({ id, bins, frames, pictures: sounds.map((sound) => pictureOf(sound.levelsDb)) });
  };
  const clips = data.clips.map((clip, index) => {
    add(`clip-${index}`, clip.sounds);
    return clipCard(`clip-${index}`, clip, data);
  });
  const samples = data.samples.map((sound, index) => {
    add(`sample-${index}`, [sound]);
    return sampleCard(`sample-${index}`, sound, data);
  });
  return {
    clips: html`<div class="clips">${clips}</div>`,
    samples: html`<div class="clips samples">${samples}</div>`,
    pictures,
  };
}

/** Levels as base64 of one byte a value, from floorDb to ceilingDb: steps of 0.3 dB, finer than any reading shown. */
function pictureOf(levelsDb: Float32Array): string {
  const bytes = Uint8Array.from(levelsDb, (level) => {
    return Math.round(255 * Math.max(0, Math.min(1, (level - floorDb) / (ceilingDb - floorDb))));
  });
  return Buffer.from(bytes).toString('base64');
}

function clipCard(id: string, clip: PageClip, data: DemoPageData): Html {
  const figures: [string, string, string][] = [
    ['MSE', valueText(clip.error.mse), 'Mean squared error of the 0 to 1 features: what the loss is made of'],
    [
      'LSD',
      `${clip.error.lsdSpokenFramesDb.toFixed(1)} dB`,
      'Log-spectral distance of the model’s spectrogram, spoken frames only',
    ],
    ['LSD heard', `${clip.reconstructionAudioLsdDb.toFixed(1)} dB`, 'The same for the audio as it sounds'],
    [
      'of the ceiling',
      `${clip.ceilingAudioLsdDb.toFixed(1)} dB`,
      'The same for the ceiling: lost without any model',
    ],
    [
      'KL',
      `${clip.klNats.toFixed(0)} nats`,
      'Kullback-Leibler divergence of the posterior from the prior, over all dimensions',
    ],
  ];
  if (clip.spokenKilobitsPerSecond !== null) {
    figures.push([
      '32-bit code',
      `${clip.spokenKilobitsPerSecond.toFixed(1)} kb/s`,
      'Over the seconds that are spoken',
    ]);
  }
  // The reconstruction is what one came for.
  return html`<article
    class="card"
    id="${id}"
    aria-label="${clip.title}"
    data-first="${clip.sounds.length - 1}"
    data-shown-sec="${data.pipeline.durationSec}"
    data-sample-rate-hz="${data.pipeline.sampleRateHz}"
  >
    <header>
      <h3>${clip.title} <span class="quiet">${clip.source}, ${clip.spokenSec.toFixed(2)} s</span></h3>
      <span class="place"></span>
    </header>
    ${panels(clip.sounds, data, clip.title, clip.spokenSec)}
    <dl class="numbers">
      ${figures.map(
        ([name, value, title]) =>
          html`<div title="${title}">
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </article>`;
}

function sampleCard(id: string, sound: PageSound, data: DemoPageData): Html {
  return html`<article
    class="card"
    id="${id}"
    aria-label="${sound.title}"
    data-shown-sec="${data.pipeline.durationSec}"
    data-sample-rate-hz="${data.pipeline.sampleRateHz}"
  >
    ${panels([sound], data, '')}
  </article>`;
}

function panels(
  sounds: readonly PageSound[],
  data: DemoPageData,
  clipTitle: string,
  spokenSec?: number,
): Html {
  const { durationSec, sampleRateHz } = data.pipeline;
  const paddedShare = spokenSec === undefined ? 0 : 100 * Math.max(0, 1 - spokenSec / durationSec);
  const panel = (sound: PageSound, index: number): Html =>
    html`<div class="panel">
      <button
        type="button"
        aria-pressed="false"
        aria-label="Play ${sound.title} ${clipTitle}"
        title="${sound.note}"
      >
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path class="go" d="M1 0 10 5 1 10z" />
          <path class="stop" d="M0 0H10V10H0z" />
        </svg>
        <span>${sound.title}</span><kbd aria-hidden="true">${index + 1}</kbd>
      </button>
      <div class="picture">
        <canvas role="img" aria-label="Spectrogram of ${sound.title} ${clipTitle}"></canvas>
        ${paddedShare > 3 ? html`<div class="padding" style="width: ${paddedShare.toFixed(1)}%">${paddedShare > 18 && index === 0 ? html`<small>padding</small>` : undefined}</div>` : undefined}
        <div class="head-line"></div>
        <output class="reading"></output>
      </div>
      <div class="sec">
        ${timeTicks(durationSec).map((tick) => html`<span style="left: ${((100 * tick) / durationSec).toFixed(1)}%">${tick === 0 ? '0 s' : String(tick)}</span>`)}
      </div>
      <div class="foot">
        <a
          download="${fileName(clipTitle, sound.title)}"
          href="data:audio/wav;base64,${Buffer.from(sound.wav).toString('base64')}"
          >WAV</a
        >
        ${clipTitle === '' ? html`<span class="place"></span>` : undefined}
      </div>
    </div>`;
  return html`<div class="panels" style="--panels: ${sounds.length}">
    <div class="hz" aria-hidden="true">
      ${frequencyTicks(sampleRateHz / 2).map((khz) => html`<span style="bottom: ${((100 * khz * 2000) / sampleRateHz).toFixed(1)}%">${khz === 0 ? '0' : `${khz} kHz`}</span>`)}
    </div>
    ${sounds.map(panel)}
  </div>`;
}

function fileName(clip: string, sound: string): string {
  return (
    `${[clip, sound].filter((part) => part !== '').join(' ')}`.toLowerCase().replace(/[^a-z0-9]+/g, '-') +
    '.wav'
  );
}
