/** Breaks a text into lines of at most `width` characters at spaces; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

export interface Column {
  title: string;
  /** Numbers stand at the right, so that their digits line up. */
  align?: 'left' | 'right';
  /** May be left out where the table is too wide; the last such column goes first. */
  optional?: boolean;
}

/**
 * Rows under titles, columns two spaces apart; no trailing spaces. Wider than `maxWidth`, it leaves optional columns out,
 * and where that is not enough each row becomes a block of its own with its texts wrapped.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  maxWidth = Infinity,
): string[] {
  const widths = columns.map((column, at) =>
    Math.max(width(column.title), ...rows.map((row) => width(row[at] ?? ''))),
  );
  if (widths.reduce((sum, one) => sum + one + 2, -2) > maxWidth) {
    const spare = columns.findLastIndex((column) => column.optional);
    if (spare < 0) return blocks(columns, rows, maxWidth);
    return table(
      columns.toSpliced(spare, 1),
      rows.map((row) => row.toSpliced(spare, 1)),
      maxWidth,
    );
  }
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, at) => pad(cells[at] ?? '', widths[at] ?? 0, column.align ?? 'left'))
      .join('  ')
      .trimEnd();
  const rule = widths.map((one) => '─'.repeat(one)).join('  ');
  return [line(columns.map((column) => column.title)), rule, ...rows.map(line)];
}

/** Each row as a block: its first cell, and the others under it by their titles. */
function blocks(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  maxWidth: number,
): string[] {
  return rows.flatMap(([first = '', ...others]) => [
    first,
    ...pairs(
      others.flatMap((cell, at) => (cell === '' ? [] : [[columns[at + 1]?.title ?? '', cell] as const])),
      '  ',
      maxWidth,
    ),
  ]);
}

/** Name and value, the values under each other; a value that is a text goes on below itself. */
export function pairs(
  entries: readonly (readonly [string, string])[],
  indent = '',
  maxWidth = Infinity,
): string[] {
  const column = Math.max(0, ...entries.map(([name]) => width(name)));
  const room = Math.max(20, maxWidth - indent.length - column - 2);
  return entries.flatMap(([name, value]) => {
    const lines = width(value) > room ? wrap(value, room) : [value];
    return lines.map((line, at) =>
      `${indent}${pad(at === 0 ? name : '', column, 'left')}  ${line}`.trimEnd(),
    );
  });
}

function pad(text: string, to: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'left' ? text + space : space + text;
}

/** Columns of a terminal that a text takes, near enough: wide characters take two, joined marks none. */
export function width(text: string): number {
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += isWide(segment) ? 2 : 1;
  return columns;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function isWide(grapheme: string): boolean {
  return /\p{Extended_Pictographic}|[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/u.test(grapheme);
}

/** A name made safe for one line of a terminal: control characters are shown escaped. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
