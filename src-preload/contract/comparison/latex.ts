/** A cell: TeX as it stands, or a text that is to read as it was typed. */
export type LatexCell = { tex: string } | { text: string };

export interface LatexTable {
  columns: readonly { title: LatexCell; align: 'l' | 'c' | 'r' }[];
  /** Rows that belong together, with what is said above them. */
  blocks: readonly { title?: string; rows: readonly (readonly LatexCell[])[] }[];
  caption: string;
}

/** A table for booktabs, in an environment of its own. */
export function latexTable({ columns, blocks, caption }: LatexTable): string {
  const line = (cells: readonly LatexCell[]): string => `    ${cells.map(texOf).join(' & ')} \\\\`;
  return [
    '% \\usepackage{booktabs,amssymb}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(caption)}}`,
    `  \\begin{tabular}{${columns.map(({ align }) => align).join('')}}`,
    '    \\toprule',
    line(columns.map(({ title }) => title)),
    ...blocks.flatMap(({ title, rows }) => [
      '    \\midrule',
      ...(title === undefined
        ? []
        : [`    \\multicolumn{${columns.length}}{l}{\\emph{${latexText(title)}}} \\\\`]),
      ...rows.map(line),
    ]),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

function texOf(cell: LatexCell): string {
  return 'tex' in cell ? cell.tex : latexText(cell.text);
}

const escaped: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** A text as TeX prints it: nothing in it is a command. */
export function latexText(text: string): string {
  return text
    .replace(/[\\{}~^]/g, (character) => escaped[character] ?? character)
    .replace(/[&%$#_]/g, (character) => `\\${character}`)
    .replace(/[\r\n]+/g, ' ');
}
