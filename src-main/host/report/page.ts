import { playCards } from '../page/card-player.ts';
import { cardsStyle } from '../page/cards-style.ts';
import { frameStyle } from '../page/frame-style.ts';
import { Html, html } from '../page/html.ts';
import { lineChart, valueText } from '../page/line-chart.ts';
import { pageHead } from '../page/page-head.ts';
import { partsStyle } from '../page/parts-style.ts';
import { clipsSection } from './clips-section.ts';
import { metricTitle } from '../../../src-preload/contract/comparison/metric-titles.ts';
import type { ComparisonReportData, ReportRun, RunReportData } from './data.ts';
import { copyButtons } from './copy-buttons.ts';
import { reportStyle } from './report-style.ts';
import {
  commandsSection,
  configuration,
  metricsTable,
  namedTable,
  pointText,
  provenance,
  section,
  table,
} from './tables.ts';

const plain = new Set(['finished', 'running', 'paused', 'queued', 'starting']);

/** The page of one run: one file that asks the network for nothing and can be read without scripts. */
export function runReportPage({ madeAt, run, listening }: RunReportData): string {
  const sections = [
    ['listen', 'Clips'],
    ['curves', 'Curves'],
    ['metrics', 'Metrics'],
    ['configuration', 'Configuration'],
    ['provenance', 'Provenance'],
    ['again', 'Again'],
  ] as const;
  const state = plain.has(run.state) ? run.state : `${run.state}: what is below is as far as it came`;
  return whole(
    `${run.name}, a run of Resynth`,
    html`${head(
        run.name,
        html`${run.presetTitle}, on ${run.data[0]?.value ?? ''}; ${state}. Made ${dateText(run.createdMs)}.
        ${run.tags.map((tag) => html`<span class="tag">${tag}</span> `)}`,
        sections,
      )}
      <main>
        ${facts(run)} ${notes([...listening.notes])}
        ${run.notes === '' ? undefined : html`<div class="note"><p class="words">${run.notes}</p></div>`}
        ${clipsSection(listening)} ${charts(run.curves, 'A spike of a single step is kept.')}
        ${section('metrics', 'Metrics', 'What is best follows from the metric; the step is of the optimiser.', metricsTable(run))}
        ${section('configuration', 'Configuration', run.family, configuration(run))}
        ${
          run.bitrates.length === 0
            ? undefined
            : section(
                'bitrate',
                'Bitrate',
                'Numbers times bits by seconds, nothing hidden. The two side numbers are the levels that 0 and 1 of the features stand for.',
                namedTable('Code and side numbers', run.bitrates),
              )
        }
        ${section('provenance', 'Provenance', 'What it was trained on, with what, and where.', provenance(run))}
        ${commandsSection(run.commands)}
      </main>`,
    madeAt,
  );
}

/** The page of a comparison. */
export function comparisonReportPage(data: ComparisonReportData): string {
  const { madeAt, runs, listening } = data;
  const names = runs.map(({ letter, run }) => `${letter}: ${run.name}`);
  const sections = [
    ['runs', 'Runs'],
    ['listen', 'Clips'],
    ['curves', 'Curves'],
    ['metrics', 'Metrics'],
    ['differences', 'What differs'],
    ['each', 'Each run'],
    ['again', 'Again'],
  ] as const;
  const letters = runs.map(({ letter }, at) => html`<span class="letter s${at}">${letter}</span>`);
  const titles = runs.map(({ letter }) => letter);
  const list = table(
    'Runs',
    ['', 'Name', 'Preset', 'Dataset', 'State', 'Steps', 'Best loss'],
    runs.map(({ run }, at) => [
      letters[at] ?? '',
      run.name,
      run.preset,
      run.data[0]?.value ?? '',
      run.state,
      run.step.toLocaleString('en-US'),
      pointText(
        run.metrics.find(({ key, split }) => key === 'total' && split === 'validation')?.best ?? null,
      ),
    ]),
    5,
  );
  const differences =
    data.differences.length === 0
      ? html`<p>Nothing: the same settings, data and versions.</p>`
      : table(
          'Only what is not the same in all',
          ['', ...titles],
          data.differences.map(({ title, values }) => [title, ...values]),
        );
  return whole(
    `${names.join(', ')}: a comparison by Resynth`,
    html`${head(`${runs.length} runs compared`, html`${names.join(', ')}.`, sections)}
      <main>
        ${notes(listening.notes)}
        ${section('runs', 'Runs', 'Each keeps its letter, its colour and its kind of line.', list)}
        ${clipsSection(listening)} ${charts(data.curves, 'Validation where a run has it, else training.')}
        ${section(
          'metrics',
          'Metrics',
          'The best value of each run with its step.',
          table(
            'Best values',
            ['Metric', 'Split', ...titles],
            data.metrics.map(({ key, split, values }) => [
              metricTitle(key),
              split,
              ...values.map((row) => pointText(row?.best ?? null)),
            ]),
            2,
          ),
        )}
        ${section('differences', 'What differs', 'Settings, data, engine and versions.', differences)}
        ${section(
          'each',
          'Each run',
          'Configuration and provenance, in full.',
          html`${runs.map(
            ({ letter, run }) =>
              html`<details>
                <summary>${letter}: ${run.name}</summary>
                ${configuration(run)} ${provenance(run)}
              </details>`,
          )}`,
        )}
        ${commandsSection([
          ...runs.flatMap(({ letter, run }) =>
            run.commands.map(({ command, what }) => ({ command, what: `${what}: ${letter}, ${run.name}` })),
          ),
          { command: data.command, what: 'Write this report' },
        ])}
      </main>`,
    madeAt,
  );
}

function whole(title: string, body: Html, madeAt: Date): string {
  return html`<!doctype html>
    <html lang="en">
      ${pageHead(title, [frameStyle, cardsStyle, partsStyle, reportStyle])}
      <body>
        ${body}
        <footer>
          Written ${madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC. This file is complete: it needs
          neither Resynth nor a network.
        </footer>
        <script>
          (${new Html(playCards.toString())})();
          (${new Html(copyButtons.toString())})();
        </script>
      </body>
    </html> `.text;
}

function head(title: string, text: Html, sections: readonly (readonly [string, string])[]): Html {
  return html`<header>
    <div class="brand">Resynth</div>
    <h1>${title}</h1>
    <p>${text}</p>
    <nav aria-label="Sections">${sections.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
  </header>`;
}

function notes(list: readonly string[]): Html {
  if (list.length === 0) return html``;
  return html`<section aria-label="Notes">
    ${list.map((note) => html`<div class="note warn"><p>${note}</p></div>`)}
  </section>`;
}

function charts(curves: ReportRun['curves'], text: string): Html {
  if (curves.length === 0) return html``;
  return section(
    'curves',
    'Curves',
    text,
    html`<div class="charts">${curves.map((curve, index) => lineChart(curve, `curve-${index}`))}</div>`,
  );
}

function facts(run: ReportRun): Html {
  const at = (key: string, split = 'validation') =>
    run.metrics.find((row) => row.key === key && row.split === split)?.best ?? null;
  const point = (name: string, key: string): [string, string, string] | null => {
    const best = at(key);
    return (
      best && [name, valueText(best.value), `best validation, step ${best.step.toLocaleString('en-US')}`]
    );
  };
  const entries = [
    point('Loss', 'total'),
    point('Mean squared error', 'mse'),
    point('KL', 'kl'),
    [
      'Training',
      `${run.epoch} of ${run.epochs}`,
      `epochs, ${run.step.toLocaleString('en-US')} steps`,
    ] as const,
    run.parameters &&
      ([
        'Model',
        `${(run.parameters.total / 1e6).toFixed(2)} M`,
        `numbers, ${run.parameters.trainable.toLocaleString('en-US')} trained`,
      ] as const),
    ['Seed', run.data.find(({ name }) => name === 'Seed')?.value ?? '–', 'weights, order and noise'] as const,
  ].filter((entry) => entry !== null);
  return html`<dl class="facts">
    ${entries.map(
      ([name, value, note]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
          <dd class="quiet">${note}</dd>
        </div>`,
    )}
  </dl>`;
}

function dateText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
