import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';

/** Why a microphone could not be opened, as the user meets it. */
export function microphoneError(thrown: unknown): ResynthError {
  if (thrown instanceof ResynthError) return thrown;
  const name = thrown instanceof DOMException ? thrown.name : '';
  const options = { cause: thrown };
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new ResynthError('microphone/refused', {}, options);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new ResynthError('microphone/none', {}, options);
    default:
      return new ResynthError('microphone/busy', { detail: messageOf(thrown) }, options);
  }
}
