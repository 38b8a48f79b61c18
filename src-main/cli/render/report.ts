import type { ReportOutput } from '../../../src-preload/contract/commands/report.ts';
import { oneLine } from '../layout.ts';

/** Where the page is, and what its reader is told; the page itself where no file was asked for. */
export function renderReport(output: unknown): string[] {
  const { file, html, bytes, clips, notes } = output as ReportOutput;
  if (html !== null) return new TextDecoder().decode(html).trimEnd().split('\n');
  return [
    `${oneLine(file ?? '')} (${(bytes / 1e6).toFixed(1)} MB, ${clips === 1 ? 'one clip' : `${clips} clips`})`,
    ...notes.map((note) => `note: ${oneLine(note)}`),
  ];
}
