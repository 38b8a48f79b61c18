/** One column of a Table. */
export interface Column<Row> {
  id: string;
  title: string;
  /** What the column is called where its heading shows nothing. */
  label?: string;
  /** A track of CSS grid: '88px', 'minmax(160px, 1fr)'. */
  width: string;
  align?: 'start' | 'end';
  sortable?: boolean;
  /** Plain text of a cell; also its tooltip where it is cut off. */
  text(row: Row): string;
  /** Says more than the title, as a tooltip of the heading. */
  help?: string;
}

export interface Sort {
  column: string;
  descending: boolean;
}
