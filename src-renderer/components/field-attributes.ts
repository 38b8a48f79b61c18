/** What ties a control to the label, the help and the error of its Field. Spread it on the control. */
export interface FieldAttributes {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}
