import { z } from 'zod';

/** What tells models apart before anything else: what one code is of. */
export const modelKinds = ['clip', 'discrete', 'sequence', 'fragment', 'sampler'] as const;

export const modelKindSchema = z.enum(modelKinds);

export type ModelKind = z.output<typeof modelKindSchema>;

/** In the order in which they are offered. */
export const modelKindWords: Readonly<Record<ModelKind, { title: string; about: string }>> = {
  clip: {
    title: 'One code a clip',
    about:
      'A clip of about a second becomes one vector and comes back as a whole: the quickest to begin with, and a latent space to walk in.',
  },
  discrete: {
    title: 'Discrete codes',
    about:
      'Places of the spectrogram become indices into codebooks, a stage at a time: a code that really has bits.',
  },
  sequence: {
    title: 'A code a frame',
    about:
      'Dynamical models, for utterances of any length; what a frame is made to depend on tells them apart.',
  },
  fragment: {
    title: 'Fragments',
    about:
      '25 ms at a time become a few numbers: embeddings of recordings of any length, for use in other programs.',
  },
  sampler: {
    title: 'Samplers',
    about:
      'A distribution over the codes of a finished run, to draw new clips from. Its page trains one with a click, too.',
  },
};
