import { playCards } from '../../page/card-player.ts';
import { cardsStyle } from '../../page/cards-style.ts';
import { frameStyle } from '../../page/frame-style.ts';
import { Html, html, jsonForScript } from '../../page/html.ts';
import { lineChart, valueText } from '../../page/line-chart.ts';
import { pageHead } from '../../page/page-head.ts';
import { partsStyle } from '../../page/parts-style.ts';
import type { DemoPageData } from './data.ts';
import { ceilingDb, floorDb, listening } from './listening.ts';
import { paintPictures } from './pictures.ts';
import { bitrates, machine, model, next, notes } from './sections.ts';

/** The demo's page: one file that asks the network for nothing. */
export function demoPage(data: DemoPageData): string {
  const { clips, samples, pictures } = listening(data);
  const { dataset, training } = data;
  const page = html`<!doctype html>
    <html lang="en">
      ${pageHead(`Resynth: ${data.model.preset} on ${dataset.name}`, [frameStyle, cardsStyle, partsStyle])}
      <body>
        <header>
          <div class="brand">Resynth</div>
          <h1>${heading(data)}</h1>
          <p>${whatWasDone(data)}</p>
          <nav aria-label="Sections">
            <a href="#listen">Reconstructions</a><a href="#samples">Samples</a><a href="#curves">Training</a>
            <a href="#bitrate">Bitrate</a><a href="#model">Model</a><a href="#machine">Machine</a
            ><a href="#next">Go on</a>
          </nav>
        </header>
        <main>
          ${facts(data)} ${notes(data)}
          <section id="listen">
            <div class="head">
              <div>
                <h2>Reconstructions</h2>
                <p>
                  Recordings of the ${data.clipSplit} split, which training has not used. The ceiling is the
                  original taken apart and put together again without any model: the best that this pipeline
                  allows. ${data.inversion}
                </p>
              </div>
              <div class="tools">
                <span
                  class="scale"
                  title="0 dB is the loudest bin of the original; all three pictures of a clip share it"
                  >${minus(floorDb)} dB <i></i> ${ceilingDb} dB</span
                >
                <label><input type="checkbox" id="loop" /> Loop <kbd>L</kbd></label>
                <span
                  ><kbd>Space</kbd> play <kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd> switch in place <kbd>J</kbd>
                  <kbd>K</kbd> next, previous</span
                >
              </div>
            </div>
            ${clips}
          </section>
          <section id="samples">
            <div class="head">
              <div>
                <h2>Samples from the prior</h2>
                <p>
                  ${data.model.latentDim} numbers drawn from N(0, 1), decoded. Nothing was recorded, so there
                  are no stored levels: the pictures run from ${minus(-80)} to 0 dB.
                </p>
              </div>
            </div>
            ${samples}
          </section>
          <section id="curves">
            <div class="head">
              <div>
                <h2>Training</h2>
                <p>
                  ${training.epochs} epochs of ${Math.round(training.steps / Math.max(1, training.epochs))}
                  steps with ${training.batchSize} clips each. Best validation after epoch
                  ${training.bestEpoch}, and that is the checkpoint heard above.
                </p>
              </div>
            </div>
            <div class="charts">${data.curves.map((curve, index) => lineChart(curve, `curve-${index}`))}</div>
          </section>
          ${bitrates(data)} ${model(data)} ${machine(data)} ${next(data)}
        </main>
        <footer>
          Made ${data.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC by
          <code>${data.commandLine}</code>. This file is complete: it needs neither Resynth nor a network.
        </footer>
        <script>
          (${new Html(playCards.toString())})();
          (${new Html(paintPictures.toString())})(${jsonForScript(pictures)});
        </script>
      </body>
    </html> `;
  return page.text;
}

function heading({ dataset, model, training }: DemoPageData): string {
  const what = dataset.synthetic ? 'Spoken digits' : dataset.name;
  return `${what} through ${model.latentDim} numbers: ${model.preset}, ${duration(training.seconds)} of training`;
}

function whatWasDone({ dataset, training }: DemoPageData): Html {
  const source = dataset.synthetic
    ? html`${dataset.recordings} digits were spoken by four synthetic voices on this machine`
    : html`${dataset.recordings.toLocaleString('en-US')} recordings were read from
        <code>${dataset.folder}</code>`;
  return html`${source}, ${dataset.speakers.length} ${dataset.speakers.length === 1 ? 'speaker' : 'speakers'}
  and ${duration(dataset.durationSec)} in all. A variational autoencoder was trained on
  ${dataset.splits.train} of them for ${training.epochs} epochs, watched on ${dataset.splits.validation}, and
  put to work on recordings that it had not seen.`;
}

function facts(data: DemoPageData): Html {
  const {
    training,
    model: { parameters },
    codeWidths,
  } = data;
  const full = codeWidths[0];
  const lsd = mean(data.clips.map((clip) => clip.error.lsdSpokenFramesDb));
  const entries: [string, Html | string, string, string][] = [
    ['Validation MSE', valueText(training.validationMse), '', 'of 0 to 1 features'],
    ['Log-spectral distance', lsd.toFixed(1), 'dB', 'clips below, spoken part'],
    ['KL', training.validationKlNats.toFixed(0), 'nats', 'a clip, validation'],
    [
      'Training',
      duration(training.seconds),
      '',
      `${training.epochs} epochs, ${training.steps.toLocaleString('en-US')} steps`,
    ],
    ['Speed', training.stepsPerSec.toFixed(2), 'steps/s', `${training.batchSize} clips a step`],
    [
      'Model',
      (parameters.total / 1e6).toFixed(2),
      'M numbers',
      `${parameters.trainable.toLocaleString('en-US')} trained`,
    ],
  ];
  if (full) {
    const spoken = full.spokenKilobitsPerSecond;
    entries.push([
      'Bitrate, 32-bit code',
      full.paddedKilobitsPerSecond.toFixed(2),
      'kb/s',
      spoken === null ? 'padded' : `padded; ${spoken.toFixed(2)} spoken`,
    ]);
  }
  return html`<dl class="facts">
    ${entries.map(
      ([name, value, unit, note]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}${unit === '' ? '' : html` <small>${unit}</small>`}</dd>
          <span class="quiet">${note}</span>
        </div>`,
    )}
  </dl>`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** A number with a real minus sign. */
function minus(value: number): string {
  return String(value).replace('-', '−');
}

/** 93 s as '1 min 33 s'. */
function duration(sec: number): string {
  if (sec < 60) return `${sec.toFixed(sec < 10 ? 1 : 0)} s`;
  const whole = Math.round(sec);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
