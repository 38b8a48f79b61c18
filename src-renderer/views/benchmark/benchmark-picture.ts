import type { BenchmarkRow, BenchmarkTable } from '../../../src-preload/contract/commands/benchmark.ts';
import { bestOf, captionOf } from '../../../src-preload/contract/comparison/benchmark.ts';
import { formatCount, nothing } from '../../state/format.ts';
import { columnTitle, rowTitle, shownFigure, shownInterval, speedText } from './benchmark-text.ts';

/** Pixels of the picture for one of the page: it is printed. */
const scale = 2;
const edge = 24;
const gap = 18;
const rowHeight = 26;
const font = 'system-ui, sans-serif';

interface Cell {
  text: string;
  strong?: boolean;
  muted?: boolean;
  small?: boolean;
}

interface Column {
  title: string;
  align: 'left' | 'right' | 'center';
  cell(row: BenchmarkRow): Cell[];
  /** Of the paper's row below. */
  theirs(row: BenchmarkRow): Cell[];
}

/** The table as it is given, with the charts below it, as a PNG in the colours of the theme. */
export async function benchmarkPicture(
  table: BenchmarkTable,
  drawings: readonly SVGSVGElement[],
  colour: (token: string) => string,
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no canvas to draw on');
  const charts = await Promise.all(drawings.map(chartImage));
  const columns = columnsOf(table);
  const lines = table.rows.flatMap((row) => [
    { cells: columns.map((column) => column.cell(row)), theirs: false },
    ...(row.published ? [{ cells: columns.map((column) => column.theirs(row)), theirs: true }] : []),
  ]);
  const widths = columns.map((column, at) =>
    Math.max(
      textWidth(context, [{ text: column.title, small: true }]),
      ...lines.map(({ cells }) => textWidth(context, cells[at] ?? [])),
    ),
  );
  const chartsWidth = charts.reduce((sum, { width }) => sum + width + gap, -gap);
  const columnsWidth = widths.reduce((sum, width) => sum + width, 0);
  const tableWidth = Math.max(columnsWidth + gap * (widths.length - 1), chartsWidth, 640);
  /** The table is as wide as the charts below it. */
  const columnGap = (tableWidth - columnsWidth) / (widths.length - 1);
  const width = 2 * edge + tableWidth;
  setFont(context, { text: '', small: true });
  const caption = wrapped(context, captionOf(table), width - 2 * edge);
  const chartsTop = edge + 34 + rowHeight * (lines.length + 1) + 16;
  const chartsHeight = Math.max(0, ...charts.map(({ height }) => height));
  const captionTop = chartsTop + chartsHeight + (charts.length > 0 ? 20 : 0);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round((captionTop + 16 * caption.length + edge) * scale);
  context.scale(scale, scale);
  context.fillStyle = colour('--surface-raised');
  context.fillRect(0, 0, width, canvas.height / scale);
  context.textBaseline = 'alphabetic';

  const write = (cells: readonly Cell[], x: number, y: number): void => {
    let at = x;
    for (const cell of cells) {
      setFont(context, cell);
      context.fillStyle = colour(cell.muted ? '--text-muted' : '--text');
      context.fillText(cell.text, at, y);
      at += context.measureText(cell.text).width;
    }
  };
  const put = (cells: readonly Cell[], at: number, left: number, y: number): void => {
    const room = (widths[at] ?? 0) - textWidth(context, cells);
    const shift = { left: 0, right: room, center: room / 2 }[columns[at]?.align ?? 'left'];
    write(cells, left + shift, y);
  };
  const rule = (y: number): void => {
    context.fillStyle = colour('--line-strong');
    context.fillRect(edge, y, tableWidth, 1);
  };

  context.font = `600 16px ${font}`;
  context.fillStyle = colour('--text');
  context.fillText(table.name ?? `${table.dataset.name}, ${table.split}`, edge, edge + 14);
  const top = edge + 34;
  for (const [place, cells] of [
    columns.map(({ title }) => [{ text: title, small: true, muted: true }]),
    ...lines.map((one) => one.cells),
  ].entries()) {
    let left = edge;
    for (const [at, one] of cells.entries()) {
      put(one, at, left, top + place * rowHeight + 17);
      left += (widths[at] ?? 0) + columnGap;
    }
    if (place === 0) rule(top + rowHeight - 2);
  }
  rule(top + rowHeight * (lines.length + 1) + 2);
  let left = edge;
  for (const { image, width: wide, height } of charts) {
    context.drawImage(image, left, chartsTop, wide, height);
    left += wide + gap;
  }
  for (const [at, text] of caption.entries())
    write([{ text, small: true, muted: true }], edge, captionTop + 16 * at + 8);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('the picture is too large for this browser'));
    }, 'image/png');
  });
}

function columnsOf(table: BenchmarkTable): Column[] {
  const dynamical = table.rows.some((row) => row.dynamical !== null);
  const none = (): Cell[] => [];
  const property = (key: 'autoregressive' | 'truePosterior' | 'dynamicalLatent') => (row: BenchmarkRow) => [
    row.dynamical ? { text: row.dynamical[key] ? '✓' : '' } : { text: nothing, muted: true },
  ];
  return [
    {
      title: 'System',
      align: 'left',
      cell: (row) => [{ text: rowTitle(row) }],
      theirs: ({ published }) => [
        { text: `   ${table.published?.document} · ${published?.name}`, muted: true, small: true },
      ],
    },
    ...(dynamical
      ? ([
          { title: 'AR', align: 'center', cell: property('autoregressive'), theirs: none },
          { title: 'True post.', align: 'center', cell: property('truePosterior'), theirs: none },
          { title: 'Dyn. z', align: 'center', cell: property('dynamicalLatent'), theirs: none },
        ] satisfies Column[])
      : []),
    {
      title: 'n',
      align: 'right',
      cell: (row) => [{ text: row.state === 'finished' ? formatCount(row.done - row.failed) : row.state }],
      theirs: none,
    },
    ...table.columns.flatMap(({ key, title, better }): Column[] => {
      const best = bestOf(table, key);
      const judged = (row: BenchmarkRow) => (row.state === 'finished' ? row.cells[key] : undefined);
      return [
        {
          title: `${columnTitle({ key, title })} ${better === 'higher' ? '↑' : '↓'}`,
          align: 'right',
          cell: (row) => [{ text: shownFigure(key, judged(row)?.mean), strong: best.includes(row.system) }],
          theirs: ({ published }) => [
            { text: shownFigure(key, published?.figures[key], 2), small: true, muted: true },
          ],
        },
        {
          title: '95 % interval',
          align: 'left',
          cell: (row) => [{ text: shownInterval(key, judged(row)?.interval), small: true, muted: true }],
          theirs: none,
        },
      ];
    }),
    { title: 'RTF ↓', align: 'right', cell: ({ speed }) => [{ text: speedText(speed) }], theirs: none },
    {
      title: 'Parameters',
      align: 'right',
      cell: ({ parameters }) => [{ text: formatCount(parameters) }],
      theirs: none,
    },
  ];
}

function setFont(context: CanvasRenderingContext2D, { strong, small }: Cell): void {
  context.font = `${strong ? 700 : 400} ${small ? 12 : 13}px ${font}`;
}

function textWidth(context: CanvasRenderingContext2D, cells: readonly Cell[]): number {
  let width = 0;
  for (const cell of cells) {
    setFont(context, cell);
    width += context.measureText(cell.text).width;
  }
  return width;
}

function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** A drawing as an image; it needs no style sheet. */
async function chartImage(drawing: SVGSVGElement) {
  const { width, height } = drawing.getBoundingClientRect();
  const bare = drawing.cloneNode(true) as SVGSVGElement;
  // What is chosen on the page is nothing that the picture is about.
  for (const ring of bare.querySelectorAll('.ring')) ring.remove();
  const text = new XMLSerializer().serializeToString(bare);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  return { image, width, height };
}
