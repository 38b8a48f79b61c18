import { oneLine, pairs, table, wrap } from '../layout.ts';
import { bytes, count, duration, significant } from '../numbers.ts';

type Row = Record<string, unknown>;

/**
 * Any output as aligned text: scalars as name and value, lists of records as tables, the rest indented under its name.
 * Units come from the field's name (durationSec, sampleRateHz), the rule of the whole code base.
 */
export function renderAnything(output: unknown, columns = 100, indent = ''): string[] {
  if (Array.isArray(output)) return renderList(output, columns - indent.length).map((line) => indent + line);
  if (typeof output !== 'object' || output === null) return [indent + showValue('', output)];
  const fields = Object.entries(output).filter(([, value]) => value !== undefined);
  const scalars = fields.filter(([, value]) => !isNested(value));
  const nested = fields.filter(([, value]) => isNested(value));
  const blocks = nested.map(([key, value]) => [
    '',
    `${indent}${titleOf(key)}`,
    ...(isEmpty(value) ? [`${indent}  none`] : renderAnything(value, columns, `${indent}  `)),
  ]);
  return [
    ...pairs(
      scalars.map(([key, value]) => [titleOf(key), showValue(key, value)]),
      indent,
      columns,
    ),
    ...blocks.flat(),
  ];
}

function renderList(list: readonly unknown[], columns: number): string[] {
  if (list.length === 0) return ['none'];
  const rows = list.filter(
    (one): one is Row => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
  if (rows.length < list.length) return list.flatMap((one) => hang(showValue('', one), columns));
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (key) => !rows.some((row) => isNested(row[key]) || isProse(row[key])),
  );
  return table(
    keys.map((key) => ({
      title: titleOf(key),
      align: rows.every((row) => typeof row[key] === 'number' || row[key] === undefined) ? 'right' : 'left',
    })),
    rows.map((row) => keys.map((key) => (row[key] === undefined ? '' : showValue(key, row[key])))),
    columns,
  );
}

// A list of numbers or words fits on a line, and so does one of pairs such as the strides 2,2,2x1.
function isNested(value: unknown): boolean {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null;
  return isProse(value) || value.some((one) => typeof one === 'object' && one !== null && !isScalarList(one));
}

/** Sentences, of which each needs a line of its own. */
function isProse(value: unknown): boolean {
  return Array.isArray(value) && value.some((one) => typeof one === 'string' && one.length > 40);
}

function isScalarList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A sentence as an item of a list, its further lines under its first. */
function hang(text: string, columns: number): string[] {
  return wrap(text, columns - 2).map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
}

/** 'sampleRateHz' as 'sample rate': the unit moves to the value. */
export function titleOf(key: string): string {
  return key
    .replace(/(?<=[a-z])(Sec|Hz|Ms|Db|Bytes)$/, '')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

/** A value with the unit that the field's name carries. */
export function showValue(key: string, value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return value.length === 0
      ? 'none'
      : value.map((one) => (isScalarList(one) ? one.join(' x ') : showValue('', one))).join(', ');
  if (typeof value !== 'number') return oneLine(String(value));
  // Milliseconds of this century are a date; a duration of thirty years is not.
  if (key.endsWith('Ms') && value > 1e12) return date(value);
  // A clip of 0.74 s is not one of 0.7 s.
  if (key.endsWith('Sec')) return value < 10 ? `${significant(value, 3)} s` : duration(value);
  if (key.endsWith('Ms')) return `${significant(value, 3)} ms`;
  if (key.endsWith('Hz')) return `${count(value)} Hz`;
  if (key.endsWith('Db')) return `${significant(value, 4)} dB`;
  if (key === 'bytes' || key.endsWith('Bytes')) return bytes(value);
  if (key === 'seed' || key === 'pid') return String(value);
  return Number.isInteger(value) ? count(value) : significant(value);
}

/** Milliseconds since 1970 as local date and time, to the minute. */
export function date(ms: number): string {
  const at = new Date(ms);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
