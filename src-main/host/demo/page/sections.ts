import { html, type Html } from '../../page/html.ts';
import type { DemoPageData } from './data.ts';
import { valueText } from '../../page/line-chart.ts';

/** What a reader should know before anything else: fallbacks, a collapse, recordings that were skipped. */
export function notes({ notes: list }: DemoPageData): Html {
  if (list.length === 0) return html``;
  return html`<section aria-label="Notes">
    ${list.map((note) => html`<div class="note warn"><p>${note}</p></div>`)}
  </section>`;
}

export function bitrates(data: DemoPageData): Html {
  const rows = data.codeWidths.map(
    (width) =>
      html`<tr>
        <th scope="row" class="n">${width.bits}</th>
        <td class="n">${width.paddedKilobitsPerSecond.toFixed(2)}</td>
        <td class="n">
          ${width.spokenKilobitsPerSecond === null ? '–' : width.spokenKilobitsPerSecond.toFixed(2)}
        </td>
        <td class="n">${valueText(width.mse)}</td>
        <td class="n">${width.lsdSpokenFramesDb.toFixed(2)}</td>
        <td class="n">${(100 * width.clippedShare).toFixed(1)}</td>
      </tr>`,
  );
  return html`<section id="bitrate">
    <div class="head">
      <div>
        <h2>Bitrate</h2>
        <p>Numbers × bits ÷ seconds, and what fewer bits cost. Means over the clips above.</p>
      </div>
    </div>
    <div class="columns">
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col" class="n">Bits a number</th>
              <th scope="col" class="n">kb/s, padded</th>
              <th scope="col" class="n">kb/s, spoken</th>
              <th scope="col" class="n">MSE</th>
              <th scope="col" class="n">LSD, dB</th>
              <th scope="col" class="n">Clipped, %</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
      <div>
        <div class="note">
          <p>${data.bitrateText}</p>
          <p>
            Padded counts all ${data.pipeline.durationSec} s of a clip, silence at its end too, and looks
            better for it. Spoken counts the seconds of the recording alone.
          </p>
        </div>
        <div class="note">
          <h3>${data.pondClaim.stated} kb/s or ${data.pondClaim.computed.toFixed(1)} kb/s?</h3>
          <p>${data.pondClaim.explanation}</p>
        </div>
      </div>
    </div>
  </section>`;
}

export function model(data: DemoPageData): Html {
  const { model: one, pipeline } = data;
  const { paper, parameters } = one;
  const facts = [
    { name: 'Input', value: one.inputShape.join(' × '), unit: 'bins × frames × channels' },
    {
      name: 'Recording',
      value: `${pipeline.sampleRateHz.toLocaleString('en-US')} Hz`,
      unit: `mono, first ${pipeline.durationSec} s`,
    },
    {
      name: 'STFT',
      value: `${pipeline.nFft} / ${pipeline.hopLength}`,
      unit: `size / hop in samples, ${pipeline.window}`,
    },
    { name: 'Levels', value: `${pipeline.rangeDb} dB`, unit: 'below the loudest bin, as 0 to 1' },
    ...one.settings,
  ];
  const layers = one.layers.map((layer) => ({
    name: layer.layer,
    value: layer.total.toLocaleString('en-US'),
    unit: undefined,
  }));
  return html`<section id="model">
    <div class="head">
      <div>
        <h2>Model</h2>
        <p>
          ${one.summary}
          ${paper ? `After papers/${paper.document}: ${paper.authors} ${paper.year}, ${paper.section ?? ''}.` : ''}
        </p>
      </div>
    </div>
    <div class="columns wide">
      <div class="scroll">
        <table>
          <caption>
            Where it leaves the paper, and why
          </caption>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Paper</th>
              <th scope="col">Here</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            ${one.deviations.map(
              (each) =>
                html`<tr>
                  <th scope="row">${each.setting}</th>
                  <td>${each.paper}</td>
                  <td>${each.ours}</td>
                  <td>${each.why}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${changes(data)}
    </div>
    <h3 class="sub">${one.title}: every setting</h3>
    ${settingGrid(facts)}
    <h3 class="sub">
      Numbers by layer
      <span class="quiet"
        >${parameters.trainable.toLocaleString('en-US')} trained,
        ${parameters.nonTrainable.toLocaleString('en-US')} running averages</span
      >
    </h3>
    ${settingGrid(layers)}
  </section>`;
}

/** Names and values in as many columns as there is room for, read downwards. */
function settingGrid(list: readonly { name: string; value: string; unit: string | undefined }[]): Html {
  return html`<dl class="settings">
    ${list.map(
      (each) =>
        html`<div>
          <dt>${each.name}</dt>
          <dd>
            ${each.value}${each.unit === undefined ? '' : html` <span class="quiet">${each.unit}</span>`}
          </dd>
        </div>`,
    )}
  </dl>`;
}

function changes({ model: { differences, preset } }: DemoPageData): Html {
  if (differences.length === 0) return html``;
  return html`<div class="scroll">
    <table>
      <caption>
        Changed against the preset ${preset}
      </caption>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Preset</th>
          <th scope="col">Here</th>
        </tr>
      </thead>
      <tbody>
        ${differences.map(
          (each) =>
            html`<tr>
              <th scope="row">${each.setting}</th>
              <td>${each.preset}</td>
              <td>${each.chosen}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function machine(data: DemoPageData): Html {
  const { dataset, training } = data;
  const provenance = [
    { name: 'Run', value: `${training.runName} (${training.run})` },
    { name: 'Seed', value: String(training.seed) },
    {
      name: 'Dataset',
      value: `${dataset.name}: ${dataset.splits.train} train, ${dataset.splits.validation} validation, ${dataset.splits.test} test`,
    },
    { name: 'Folder', value: dataset.folder },
    { name: 'Speakers', value: dataset.speakers.join(', ') },
  ];
  const block = (title: string, list: readonly { name: string; value: string }[]): Html =>
    html`<div class="scroll">
      <table>
        <caption>
          ${title}
        </caption>
        <tbody>
          ${list.map((each) => row(each.name, each.value))}
        </tbody>
      </table>
    </div>`;
  return html`<section id="machine">
    <div class="head">
      <div>
        <h2>Machine and provenance</h2>
        <p>The same seed, data, build, device and threads give the same weights to the last bit.</p>
      </div>
    </div>
    <div class="columns">
      ${block('What was run', provenance)} ${block('Device', data.machine)}
      ${block('Versions', data.versions)}
      ${
        data.engineNotes.length === 0
          ? undefined
          : html`<div>
              <h3>What the trainer noted</h3>
              <ul class="plain">
                ${data.engineNotes.map((note) => html`<li>${note}</li>`)}
              </ul>
            </div>`
      }
    </div>
  </section>`;
}

export function next(data: DemoPageData): Html {
  return html`<section id="next">
    <div class="head">
      <div>
        <h2>Go on</h2>
        <p>From a terminal in the project’s folder.</p>
      </div>
    </div>
    <ul class="next">
      ${data.next.map(
        (each) =>
          html`<li>
            ${each.what}
            <div class="command">
              <code>${each.command}</code><button type="button" class="copy">Copy</button>
            </div>
          </li>`,
      )}
    </ul>
  </section>`;
}

function row(name: string, value: string, unit?: string): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${value}${unit === undefined ? '' : html` <span class="quiet">${unit}</span>`}</td>
  </tr>`;
}
