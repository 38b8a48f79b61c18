/** How well a text fits what was typed, and which of its letters did. */
export interface Match {
  /** Higher is better; only to be compared. */
  score: number;
  /** Places in the text, ascending. */
  at: readonly number[];
}

const startOfText = 12;
const startOfWord = 8;
const afterTheLast = 6;
const gap = -0.2;

/**
 * Whether every letter of `query` comes in `text`, in order, in any case; each word of the query by itself and anywhere.
 * Letters that begin words and that follow one another count for more, and short texts for more than long ones. Null where
 * one does not come.
 */
export function fuzzyMatch(query: string, text: string): Match | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  // Lowering may change lengths ('İ'): then no letter can be pointed at.
  const exact = lower.length === text.length;
  let score = -text.length / 100;
  const at = new Set<number>();
  for (const word of words) {
    const found = wordMatch(word, lower);
    if (found === null) return null;
    score += found.score;
    if (exact) for (const place of found.at) at.add(place);
  }
  return { score, at: [...at].sort((a, b) => a - b) };
}

function wordMatch(word: string, text: string): Match | null {
  // The word as it stands is what is mostly meant; else its letters one by one.
  const whole = wholeAt(word, text);
  if (whole !== -1) {
    const begins = whole === 0 ? startOfText : isWordStart(text, whole) ? startOfWord : 0;
    return {
      score: begins + afterTheLast * word.length,
      at: Array.from({ length: word.length }, (_, letter) => whole + letter),
    };
  }
  const at: number[] = [];
  let score = 0;
  let from = 0;
  for (const [number, letter] of [...word].entries()) {
    let place = text.indexOf(letter, from);
    if (place === -1) return null;
    // A letter that begins a word a little later is the better one.
    const begun = wordStartAt(letter, text, from);
    const last = at.at(-1);
    if (begun !== -1 && place !== (last ?? -2) + 1 && comesIn([...word].slice(number), text, begun)) {
      place = begun;
    }
    if (last !== undefined) score += place === last + 1 ? afterTheLast : gap * (place - last);
    if (isWordStart(text, place)) score += startOfWord;
    at.push(place);
    from = place + letter.length;
  }
  // Scattered letters are a guess: never before a text that has the word.
  return { score: score / 2, at };
}

function comesIn(letters: readonly string[], text: string, from: number): boolean {
  let at = from;
  for (const letter of letters) {
    at = text.indexOf(letter, at);
    if (at === -1) return false;
    at += letter.length;
  }
  return true;
}

function wholeAt(word: string, text: string): number {
  let place = text.indexOf(word);
  const first = place;
  while (place !== -1) {
    if (isWordStart(text, place)) return place;
    place = text.indexOf(word, place + 1);
  }
  return first;
}

function wordStartAt(letter: string, text: string, from: number): number {
  for (let place = text.indexOf(letter, from); place !== -1; place = text.indexOf(letter, place + 1)) {
    if (isWordStart(text, place)) return place;
  }
  return -1;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s\-_./:·,(]/.test(text[at - 1] ?? '');
}
