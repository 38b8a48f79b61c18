import { Buffer } from 'node:buffer';
import { html, type Html } from '../page/html.ts';
import { valueText } from '../page/line-chart.ts';
import { frequencyTicks, timeTicks } from '../page/ticks.ts';
import type { ReportClip, ReportListening, ReportSound } from './data.ts';

/** The clips: pictures beside each other on one scale, each to be heard with or without scripts. */
export function clipsSection({ clips, split, minDb, maxDb, steps }: ReportListening): Html {
  if (clips.length === 0) {
    return html`<section id="listen">
      <div class="head"><h2>Clips</h2></div>
      <p class="quiet">There is nothing to hear in this report; the notes above say why.</p>
    </section>`;
  }
  const heard = steps.map(({ name, step, epoch }) =>
    steps.length === 1 ? `step ${step}, epoch ${epoch}` : `${name} at step ${step}`,
  );
  return html`<section id="listen">
    <div class="head">
      <div>
        <h2>Clips</h2>
        <p>
          Recordings of the ${split === 'validation' ? 'validation' : 'training'} split, at
          ${heard.join('; ')}. The ceiling is the original taken apart and put together again without any
          model: the best that this representation allows.
        </p>
      </div>
      <div class="tools">
        <span class="scale" title="One scale for all pictures, relative to a full-scale sine"
          >${signed(minDb)} <i></i> ${signed(maxDb)} dBFS</span
        >
        <label class="scripted"
          ><input type="checkbox" id="match" checked /> Same loudness as the original</label
        >
        <label class="scripted"><input type="checkbox" id="loop" /> Loop <kbd>L</kbd></label>
        <span class="scripted"
          ><kbd>Space</kbd> play, <kbd>1</kbd> to <kbd>9</kbd> switch in place, <kbd>J</kbd>
          <kbd>K</kbd> next, previous</span
        >
      </div>
    </div>
    <div class="clips" style="--panels: ${Math.max(...clips.map(({ sounds }) => sounds.length))}">
      ${clips.map(card)}
    </div>
  </section>`;
}

function card(clip: ReportClip, index: number): Html {
  const { title, recording, durationSec, shownSec, sampleRateHz, sounds } = clip;
  return html`<article
    class="card"
    id="clip-${index}"
    aria-label="${title}"
    data-shown-sec="${shownSec}"
    data-sample-rate-hz="${sampleRateHz}"
  >
    <header>
      <h3>${title} <span class="quiet">${recording}, ${durationSec.toFixed(2)} s</span></h3>
      <span class="place"></span>
    </header>
    <div class="panels" style="--panels: ${sounds.length}">
      <div class="hz" aria-hidden="true">
        ${frequencyTicks(sampleRateHz / 2).map(
          (khz) =>
            html`<span style="bottom: ${((100 * khz * 2000) / sampleRateHz).toFixed(1)}%"
              >${khz === 0 ? '0' : `${khz} kHz`}</span
            >`,
        )}
      </div>
      ${sounds.map((sound, at) => panel(sound, at, clip))}
    </div>
  </article>`;
}

function panel(sound: ReportSound, at: number, { title, shownSec }: ReportClip): Html {
  const { gainDb } = sound;
  const facts = [
    ...(sound.mse === null ? [] : [`MSE ${valueText(sound.mse)}`]),
    ...(Math.abs(gainDb) < 0.05 ? [] : [`level matched by ${signed(Number(gainDb.toFixed(1)))} dB`]),
  ];
  return html`<div class="panel" data-gain-db="${gainDb.toFixed(2)}">
    <div class="title" aria-hidden="true">${sound.title}</div>
    <button
      type="button"
      aria-pressed="false"
      aria-label="${sound.title}, ${title}"
      data-key="${at < 9 ? String(at + 1) : ''}"
      title="${sound.note}"
    >
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <path class="go" d="M1 0 10 5 1 10z" />
        <path class="stop" d="M0 0H10V10H0z" />
      </svg>
      <span>${sound.title}</span>
    </button>
    <div class="picture">
      <img
        alt="Spectrogram of ${sound.title}, ${title}"
        src="data:image/png;base64,${Buffer.from(sound.png).toString('base64')}"
      />
      <div class="head-line"></div>
    </div>
    <div class="sec" aria-hidden="true">
      ${timeTicks(shownSec).map((tick) => html`<span style="left: ${((100 * tick) / shownSec).toFixed(1)}%">${tick === 0 ? '0 s' : String(tick)}</span>`)}
    </div>
    <audio
      controls
      preload="none"
      aria-label="${sound.title}, ${title}"
      src="data:audio/wav;base64,${Buffer.from(sound.wav).toString('base64')}"
    ></audio>
    <div class="foot"><span>${facts.join(', ')}</span></div>
  </div>`;
}

/** A number with a real minus sign. */
function signed(value: number): string {
  return String(value).replace('-', '−');
}
