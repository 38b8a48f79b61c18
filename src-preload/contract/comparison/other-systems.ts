import { type OtherSystemKind, otherSystemKindSchema } from '../commands/runs-live.ts';

/** A system that is heard beside runs and is none: a folder of sounds, or a built-in baseline. */
export interface OtherSystem {
  kind: OtherSystemKind;
  /** Id of the external system, or the baseline with its settings. */
  system: string;
}

/** 'baseline:opus:12', 'external:3f2a...': as an address has it. */
export function otherSystemText({ kind, system }: OtherSystem): string {
  return `${kind}:${system}`;
}

/** What `otherSystemText` wrote; null for anything else. */
export function parseOtherSystem(text: string): OtherSystem | null {
  const colon = text.indexOf(':');
  const kind = otherSystemKindSchema.safeParse(text.slice(0, Math.max(0, colon)));
  const system = text.slice(colon + 1).trim();
  return kind.success && system !== '' ? { kind: kind.data, system } : null;
}
