import { catalogue, type ErrorCode, type ErrorParams } from './catalogue.ts';

/** What crosses a process or socket: everything needed to rebuild the error on the other side. */
export interface SerialisedError {
  code: string;
  message: string;
  remedy: string;
  params: ErrorParams;
}

/**
 * Every failure a user can meet: a stable `code`, a message that names the file or setting, and a remedy.
 * The texts are in the catalogue; `params` fill them in.
 */
export class ResynthError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options: { cause?: unknown } = {}) {
    const entry = catalogue[code];
    super(fill(entry.message, params), options);
    this.name = 'ResynthError';
    this.code = code;
    this.remedy = fill(entry.remedy, params);
    this.params = params;
  }

  /** The error as plain data, for JSON output and for the wire. */
  toJSON(): SerialisedError {
    return { code: this.code, message: this.message, remedy: this.remedy, params: this.params };
  }

  /** The error again from what `toJSON` made. */
  static from(data: SerialisedError): ResynthError {
    const code: ErrorCode = Object.hasOwn(catalogue, data.code)
      ? (data.code as ErrorCode)
      : 'internal/unexpected';
    return new ResynthError(code, code === data.code ? data.params : { detail: data.message });
  }
}

/** What a thrown value says, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Any thrown value as a ResynthError: those that are not one become `internal/unexpected` with the original as cause. */
export function asResynthError(thrown: unknown): ResynthError {
  if (thrown instanceof ResynthError) return thrown;
  return new ResynthError('internal/unexpected', { detail: messageOf(thrown) }, { cause: thrown });
}

function fill(text: string, params: ErrorParams): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}
