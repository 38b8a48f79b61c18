import { readFileSync } from 'node:fs';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import { refuseChanged } from './indexed-file.ts';
import type { SpectrogramPicture, SpectrogramTask } from './tasks.ts';

/**
 * A picture on disk: a line of JSON that says what it is, padded, then its levels. Made from content that its name is the
 * hash of, so it never has to be brought up to date; it may be deleted at any time.
 */
type Head = Omit<SpectrogramPicture, 'levels'> & { format: 'resynth-picture'; version: 1 };

const headBytes = 512;

/**
 * The picture that was kept, or else one that is painted now, and kept where the task says so.
 *
 * @throws ResynthError as `drawSpectrogram`.
 */
export function kept(
  task: SpectrogramTask,
  paint: (task: SpectrogramTask) => SpectrogramPicture,
): SpectrogramPicture {
  const { cacheFile } = task;
  if (cacheFile === undefined) return paint(task);
  // The file that it was made of has to be there still.
  refuseChanged(task.file);
  const known = readPicture(cacheFile);
  if (known) return known;
  const picture = paint(task);
  const { levels, ...about } = picture;
  const head: Head = { format: 'resynth-picture', version: 1, ...about };
  const line = Buffer.from(`${JSON.stringify(head)}\n`.padStart(headBytes, ' '));
  writeFileAtomicSync(cacheFile, [line, levels], { durable: false });
  return picture;
}

/** Null where there is none, or it is not whole. */
function readPicture(file: string): SpectrogramPicture | null {
  try {
    const bytes = readFileSync(file);
    const head = JSON.parse(bytes.toString('utf8', 0, headBytes)) as Head;
    if (head.format !== 'resynth-picture' || head.version !== 1) return null;
    if (bytes.length !== headBytes + head.bins * head.frames) return null;
    const { format: _format, version: _version, ...about } = head;
    // A copy: what is sent to another process is not to be a part of a larger buffer.
    return { ...about, levels: new Uint8Array(bytes.subarray(headBytes)) };
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT' || thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}
