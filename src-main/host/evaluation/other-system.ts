import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EvaluatedSystem } from '../../../src-preload/contract/commands/evaluate.ts';
import {
  type OtherSystemKind,
  otherSystemKindSchema,
} from '../../../src-preload/contract/commands/runs-live.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Services } from '../services.ts';
import { findSystem } from './external.ts';
import type { EvaluationItem } from './stored.ts';
import { baselineSystem, externalSystem, type ReadySystem } from './system.ts';

/** External systems and baselines where runs are heard: beside their clips in a comparison and in listening tests. */

/** A system that is no run. */
export interface OtherSystem {
  kind: OtherSystemKind;
  /** Name or id of an external system, or a baseline with its settings. */
  system: string | undefined;
}

/** Whether a kind of clip is what another system than a run made. */
export function isOtherSystem(kind: string): kind is OtherSystemKind {
  return otherSystemKindSchema.safeParse(kind).success;
}

/** What a system is called, without looking at its files. @throws ResynthError systems/*, baselines/*. */
export async function otherSystemAbout(
  { kind, system }: OtherSystem,
  services: Pick<Services, 'database'>,
): Promise<{ name: string }> {
  if (system === undefined) throw new ResynthError('systems/not-named');
  return { name: kind === 'external' ? (await findSystem(system, services)).name : system };
}

/**
 * The file of what a system made of a recording: its own one, or one that is made now and kept with the other media.
 *
 * @param mostSec Seconds of the recording that are wanted of a baseline, from its beginning.
 * @throws ResynthError systems/*, baselines/*; evaluations/not-matched; dataset/file-vanished; any of `audio/*`.
 */
export async function otherSystemSound(
  which: OtherSystem,
  item: EvaluationItem,
  mostSec: number,
  services: Services,
  signal: AbortSignal,
): Promise<{ file: string; name: string }> {
  const other = await readyOther(which, mostSec, services);
  const { about } = other;
  if (about.kind === 'external') await refuseOtherRecording(about, item, services);
  const out = keptFile(services, about, item, mostSec);
  if (about.kind === 'baseline' && (await isThere(out))) return { file: out, name: about.name };
  await mkdir(path.dirname(out), { recursive: true });
  const [made] = await other.make([{ item, out }], signal);
  if (made && 'file' in made) return { file: made.file, name: about.name };
  if (!made) throw new Error(`The system ${about.name} answered nothing.`);
  throw ResynthError.from(made.refused);
}

/** How long the files of an external system are taken to be those that they were: a grid of clips asks for many at once. */
const takenForMs = 5000;
const lately = new WeakMap<object, Map<string, { untilMs: number; ready: Promise<ReadySystem> }>>();

function readyOther(
  { kind, system }: OtherSystem,
  mostSec: number,
  services: Services,
): Promise<ReadySystem> {
  if (system === undefined) throw new ResynthError('systems/not-named');
  if (kind === 'baseline') return baselineSystem(system, mostSec, services);
  const known = lately.get(services.database) ?? new Map();
  lately.set(services.database, known);
  const found = known.get(system);
  if (found && found.untilMs > Date.now()) return found.ready;
  const ready = externalSystem(system, services);
  known.set(system, { untilMs: Date.now() + takenForMs, ready });
  ready.catch(() => known.delete(system));
  return ready;
}

/** Files match by name: where the run's dataset and the system's are two, one name may mean two recordings. */
async function refuseOtherRecording(
  about: Extract<EvaluatedSystem, { kind: 'external' }>,
  { recording, contentHash }: EvaluationItem,
  { database }: Pick<Services, 'database'>,
): Promise<void> {
  const { dataset } = await findSystem(about.system, { database });
  const known = await database.readRecording(dataset, recording);
  if (!known || contentHash === null || known.contentHash === contentHash) return;
  throw new ResynthError('systems/other-recording', { system: about.name, recording });
}

/** Under the media, which may be deleted at any time. Named by all that the sound follows from. */
function keptFile(
  { home }: Pick<Services, 'home'>,
  about: EvaluatedSystem,
  { recording, contentHash, startSec, endSec }: EvaluationItem,
  mostSec: number,
): string {
  const what = about.kind === 'baseline' ? [about.baseline, about.settings] : [about.kind];
  const all = JSON.stringify([what, recording, contentHash, startSec, endSec, mostSec]);
  return path.join(home.media, 'systems', `${createHash('sha256').update(all).digest('hex')}.wav`);
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
