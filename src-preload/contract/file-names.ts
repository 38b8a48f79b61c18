/**
 * A part of a file's name from what a user typed: letters, digits, dots and dashes of any script; what a file system, a
 * shell or a spreadsheet takes for something else becomes a dash. Never empty, never hidden, at most 60 characters.
 */
export function fileNamePart(text: string, otherwise = 'run'): string {
  const plain = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^[-._]+|[-._]+$/g, '');
  const short = [...plain].slice(0, 60).join('');
  return short === '' ? otherwise : short;
}

/** A step as it stands in names: they sort as they came. */
export function stepPart(step: number): string {
  return `step${String(step).padStart(7, '0')}`;
}
