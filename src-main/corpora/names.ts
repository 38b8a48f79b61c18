import path from 'node:path';

/** Extensions, in lower case, of what the decoder reads (WAV and FLAC above all; .sph, .wv1 and .wv2 are NIST SPHERE). */
const audioExtensions: ReadonlySet<string> = new Set([
  '.wav',
  '.flac',
  '.mp3',
  '.ogg',
  '.oga',
  '.opus',
  '.m4a',
  '.aac',
  '.aif',
  '.aiff',
  '.aifc',
  '.au',
  '.caf',
  '.wma',
  '.sph',
  '.nist',
  '.wv1',
  '.wv2',
]);

/** Whether a file's name ends like that of a recording, in upper or lower case. */
export function isAudioName(name: string): boolean {
  return audioExtensions.has(path.extname(name).toLowerCase());
}

/** Names that start with a dot are the system's or a program's, `._take1.wav` of macOS among them. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.');
}

/** A name of the file system: as text, or (not UTF-8) in a form that can be shown, each odd byte as \xNN. */
export type DecodedName = { valid: true; name: string } | { valid: false; shown: string };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes the bytes of a name; never replaces one silently, for the result must open the same file again. */
export function decodeName(bytes: Uint8Array): DecodedName {
  try {
    return { valid: true, name: strictUtf8.decode(bytes) };
  } catch {
    let shown = '';
    for (const byte of bytes) {
      shown +=
        byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    }
    return { valid: false, shown };
  }
}
