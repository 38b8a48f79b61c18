import path from 'node:path';

/** Bytes that a stem may take: what is added after it stays below the 255 of common file systems. */
const STEM_BYTES = 120;

/**
 * A name for the results of each source, in order: its file name without extension, made safe for every file system and
 * unique among the others (`0_theo_1`, `0_theo_1-2`).
 */
export function resultNames(sources: readonly string[]): string[] {
  const taken = new Set<string>();
  return sources.map((source) => {
    const stem = safeStem(path.parse(source).name);
    let name = stem;
    for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = `${stem}-${copy}`;
    // Some file systems do not tell capitals from small letters.
    taken.add(name.toLowerCase());
    return name;
  });
}

function safeStem(stem: string): string {
  const plain = stem
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  let short = '';
  for (const character of plain) {
    if (Buffer.byteLength(short + character) > STEM_BYTES) break;
    short += character;
  }
  // A name that Windows keeps for devices.
  if (/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(short)) return `${short}_`;
  return short === '' ? 'clip' : short;
}
