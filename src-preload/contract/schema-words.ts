import type { z } from 'zod';

/** The bounds of a number as JSON Schema has them. */
export interface Bounds {
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

// zod writes the range of safe integers for z.int(): true, and of no use to a reader.
const NO_BOUND = Number.MAX_SAFE_INTEGER;

/** Bounds in words: '1 to 64', 'above 0', '0 or more'; undefined where there are none. */
export function rangeWords(node: Bounds): string | undefined {
  const low = node.minimum ?? node.exclusiveMinimum;
  const high = node.maximum ?? node.exclusiveMaximum;
  const hasLow = low !== undefined && low > -NO_BOUND;
  const hasHigh = high !== undefined && high < NO_BOUND;
  const lowText = node.minimum === undefined ? `above ${low}` : `${low}`;
  const highText = node.maximum === undefined ? `below ${high}` : `${high}`;
  if (hasLow && hasHigh) return `${lowText} to ${highText}`;
  if (hasLow) return node.minimum === undefined ? lowText : `${lowText} or more`;
  if (hasHigh) return node.maximum === undefined ? highText : `at most ${highText}`;
  return undefined;
}

const kinds: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, such as 32,64',
  string: 'text',
};

/** Why a schema refuses a value, as an end of 'it is refused: ...'. */
export function issueWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string') return 'it is empty';
      if (issue.origin === 'array') return `it needs at least ${issue.minimum} entries`;
      return `it must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `it must have at most ${issue.maximum} characters`;
      if (issue.origin === 'array') return `it can have at most ${issue.maximum} entries`;
      return `it must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
    case 'invalid_type':
      return `it must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `it must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.join(', ')}`;
    case 'invalid_union':
      return 'it is none of the values that are taken';
    default:
      return issue.message;
  }
}

/** The first thing that a schema refuses in a value, with its place: 'rows.3.peak: it must be a number'. */
export function faultWords(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? [issue.path.join('.'), issueWords(issue)].filter(Boolean).join(': ') : 'it is not allowed';
}
