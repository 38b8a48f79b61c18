import type { LatentAbilities } from '../../../../src-preload/contract/commands/latent.ts';
import type { Kind } from './wishes.svelte.ts';

/** What a way to generate does, for a model of clips (`sequences` is null) or of sequences. */
export function kindText(kind: Kind, sequences: LatentAbilities['sequences']): string {
  switch (kind) {
    case 'class-means':
      return 'The mean of the codes of every clip of a label or speaker, plus noise: how papers/002 says a digit of its choice (scale 0.5).';
    case 'components':
      return 'The prior is a mixture of Gaussians, and each of them stands for some kind of clip. Scale 0 is the mean of a component, 1 a draw from it. The tab Components tells which clips are in each.';
    case 'interpolate':
      return 'The codes between those of two recordings, in equal steps. The first and the last step are the reconstructions of the two.';
    case 'prior':
      return sequences
        ? `Sequences of any length, drawn frame by frame: each code from the prior${sequences.hearsItself ? ', each frame from it and the frames drawn before' : ''}. No recording is involved.`
        : 'Codes drawn at random, as the model expects them before it has heard anything.';
    case 'continue':
      return 'The model is given the recording up to a second of your choice and goes on by itself: codes from its prior, frames from its own frames. What is given is heard with its own phase, what follows by Griffin-Lim.';
    case 'free-running':
      return `Teacher-forced, each frame is generated from the true frames before it; the published code of papers/004 only ever does that. Free-running, from the frames that the model itself has generated. The codes are those of the recording in both, inferred with its true frames.${sequences?.hearsItself === false ? ' This model generates no frame from frames before: both are the same.' : ''}`;
  }
}
