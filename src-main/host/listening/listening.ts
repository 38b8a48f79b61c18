import type { signalsAlign } from '../../../src-preload/contract/commands/listening.ts';
import type { HostHandler } from '../services.ts';

/**
 * Two sounds made comparable by ear, by a child process.
 *
 * @throws ResynthError listening/too-long, listening/not-a-sound.
 */
export const handleSignalsAlign: HostHandler<typeof signalsAlign> = async (input, { services }) => {
  const { kind: _kind, ...aligned } = await services.analysts.run({ kind: 'align', ...input });
  return aligned;
};
