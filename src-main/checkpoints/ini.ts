/** More than this is no configuration. */
const mostCharacters = 65_536;

/** What is the matter with a configuration file, for the reader's error. */
export class DamagedIni extends Error {}

/** The sections of an INI file with their keys and values as they are written. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads an INI file as Python's configparser does where the reference uses it: `[section]`, `key = value` or `key : value`,
 * comments in lines of their own after # or ;, keys in any case. No interpolation, no values over several lines, no key twice.
 * @throws DamagedIni naming the line.
 */
export function parseIni(text: string): Ini {
  if (text.length > mostCharacters) throw new DamagedIni(`it has ${text.length} characters, more than 64 KB`);
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const at = `line ${index + 1}`;
    const section = /^\[([^\]]+)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      if (sections.has(section)) throw new DamagedIni(`${at}: the section [${section}] is there twice`);
      current = new Map();
      sections.set(section, current);
      continue;
    }
    const split = line.search(/[=:]/);
    if (split <= 0) throw new DamagedIni(`${at} is neither a section nor a key with a value`);
    if (!current) throw new DamagedIni(`${at} is in no section`);
    const key = line.slice(0, split).trim().toLowerCase();
    if (current.has(key)) throw new DamagedIni(`${at}: ${key} is there twice`);
    current.set(key, line.slice(split + 1).trim());
  }
  return sections;
}
