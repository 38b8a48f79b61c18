import type { MeasuredPoint } from '../../../src-preload/contract/comparison/metric-choice.ts';
import { html, type Html } from '../page/html.ts';
import { valueText } from '../page/line-chart.ts';
import { factTitle } from '../../../src-preload/contract/comparison/fact-titles.ts';
import { metricTitle } from '../../../src-preload/contract/comparison/metric-titles.ts';
import type { NamedValue, ReportRun } from './data.ts';

/** A section with its heading and a sentence. */
export function section(id: string, title: string, text: string, body: Html): Html {
  return html`<section id="${id}">
    <div class="head">
      <div>
        <h2>${title}</h2>
        <p>${text}</p>
      </div>
    </div>
    ${body}
  </section>`;
}

/** What a column without a heading is called for whoever hears the page. */
const unnamed: Readonly<Record<number, string>> = { 0: 'Which', 3: 'Why' };

/** A table with headings; the first cell of a row is its head. */
export function table(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  numbersFrom = titles.length,
): Html {
  const kind = (at: number): string => (at >= numbersFrom ? 'n' : '');
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${titles.map((title, at) => html`<th scope="col" class="${kind(at)}">${title === '' ? html`<span class="hidden">${unnamed[at] ?? 'What'}</span>` : title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first = '', ...rest]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${rest.map((cell, at) => html`<td class="${kind(at + 1)}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Names and values, read downwards; nothing where there are none. */
export function namedTable(caption: string, values: readonly NamedValue[]): Html {
  if (values.length === 0) return html``;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <tbody>
        ${values.map(
          ({ name, value, unit }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}${unit === undefined ? '' : html` <span class="quiet">${unit}</span>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A value with its step, '–' where there is none. */
export function pointText(point: MeasuredPoint | null): string {
  return point === null ? '–' : `${valueText(point.value)} at ${point.step.toLocaleString('en-US')}`;
}

/** Best, last and extreme values of every curve of a run. */
export function metricsTable({ metrics }: ReportRun): Html {
  return table(
    'Values with their steps',
    ['Metric', 'Split', 'Best', 'Last', 'Lowest', 'Highest'],
    metrics.map(({ key, split, best, last, min, max }) => [
      metricTitle(key),
      split,
      pointText(best),
      pointText(last),
      pointText(min),
      pointText(max),
    ]),
    2,
  );
}

/** Where the run leaves its paper and its preset, and every setting. */
export function configuration(run: ReportRun): Html {
  const { paper, deviations, differences, settings, settingTitles } = run;
  const named = (setting: string): string => factTitle(setting, settingTitles);
  return html`<p class="quiet">
      ${run.summary}
      ${paper ? `After papers/${paper.document}: ${paper.authors} ${paper.year}${paper.section ? `, ${paper.section}` : ''}.` : ''}
    </p>
    <div class="columns">
      ${
        deviations.length === 0
          ? html`<p class="quiet">Nothing is known to differ from a paper.</p>`
          : table(
              'Where the preset leaves the paper, and why',
              ['Setting', 'Paper', 'Here', 'Why'],
              deviations.map(({ setting, paper: theirs, ours, why }) => [named(setting), theirs, ours, why]),
            )
      }
      ${
        differences.length === 0
          ? html`<p class="quiet">Every setting is as the preset ${run.preset} has it.</p>`
          : table(
              `Changed against the preset ${run.preset}`,
              ['Setting', 'Preset', 'Here', ''],
              differences.map(({ setting, preset, chosen, derived }) => [
                named(setting),
                preset,
                chosen,
                derived ? 'follows from another' : '',
              ]),
            )
      }
    </div>
    ${settings.map(
      ({ section: title, values }) =>
        html`<h3 class="sub">${title}</h3>
          <dl class="settings">
            ${values.map(
              ({ name, value, unit }) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd>${value}${unit === undefined ? '' : html` <span class="quiet">${unit}</span>`}</dd>
                </div>`,
            )}
          </dl>`,
    )}`;
}

/** What was trained on, with what, where. */
export function provenance(run: ReportRun): Html {
  return html`<div class="columns">
    ${namedTable('Data and seed', run.data)} ${namedTable('Device', run.device)}
    ${namedTable('Versions', run.versions)}
    ${
      run.remarks.length === 0
        ? undefined
        : html`<div>
            <h3>What was noted</h3>
            <ul class="plain">
              ${run.remarks.map((remark) => html`<li>${remark}</li>`)}
            </ul>
          </div>`
    }
  </div>`;
}

/** Lines for a terminal. */
export function commandsSection(commands: readonly { command: string; what: string }[]): Html {
  return section(
    'again',
    'Again',
    'Lines for a terminal in the folder of Resynth. The same data, seed, build, device and threads give the same weights to the last bit.',
    html`<ul class="next">
      ${commands.map(
        ({ command, what }) =>
          html`<li>
            ${what}
            <div class="command"><code>${command}</code><button type="button" class="copy">Copy</button></div>
          </li>`,
      )}
    </ul>`,
  );
}
