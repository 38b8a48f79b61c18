import { type SerialisedError, asResynthError } from '../../src-preload/contract/errors/error.ts';

/** What the window shows of a failure: never a bare stack. */
export interface ShownError {
  code: string;
  message: string;
  remedy: string;
}

/** Any thrown value, or the error of a job, as code, message and remedy. */
export function shownError(thrown: unknown): ShownError {
  if (isShownError(thrown) && !(thrown instanceof Error)) return thrown;
  const { code, message, remedy } = asResynthError(thrown);
  return { code, message, remedy };
}

/** All that is known of a failure, as text for "Copy details". */
export function errorDetails(thrown: unknown): string {
  const { code, message, remedy } = shownError(thrown);
  const lines = [`${code}: ${message}`, remedy];
  if (thrown instanceof Error) {
    const { params } = asResynthError(thrown) as { params: SerialisedError['params'] };
    if (Object.keys(params).length > 0) lines.push(JSON.stringify(params, null, 2));
    if (thrown.stack) lines.push(thrown.stack);
  }
  lines.push(`at ${new Date().toISOString()}`);
  return lines.filter((line) => line !== '').join('\n');
}

/** Whether an error only says that somebody cancelled: nothing to show. */
export function isCancelled(thrown: unknown): boolean {
  return (
    (thrown instanceof DOMException && thrown.name === 'AbortError') ||
    (isShownError(thrown) && /(^|\/)cancell?ed$/.test(thrown.code))
  );
}

function isShownError(value: unknown): value is ShownError {
  return (
    typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'remedy' in value
  );
}
