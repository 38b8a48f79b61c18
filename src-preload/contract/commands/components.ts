import { z } from 'zod';
import { float32Array } from '../binary.ts';
import { defineCommand } from '../command.ts';
import { codesChoice, codesIdentitySchema } from './latent.ts';
import { modelUsedSchema } from './reconstruct.ts';

/** One Gaussian of a mixture prior. */
const componentSchema = z.strictObject({
  component: z.int().meta({ help: 'Counted from 1.' }),
  weight: z.number().meta({ help: 'How likely the prior has it.' }),
  share: z.number().meta({ help: 'Mean responsibility over the clips: how much of them belongs to it.' }),
  clips: z.int().meta({ help: 'That belong to it more than to any other.' }),
  deviation: z.number().meta({ help: 'Root of its mean variance over the latent dimensions.' }),
  dead: z.boolean().meta({ help: 'Its share is below a tenth of an equal one.' }),
});

export const latentComponents = defineCommand({
  name: 'latent components',
  summary: 'What the components of a mixture prior stand for: their use, and which labels are in each',
  details:
    'Of models whose prior is a mixture of Gaussians. A clip belongs to a component by the probability of the component at the mean of its posterior (responsibilities). The normalised mutual information of the likeliest component and the label is 0 where the one tells nothing of the other and 1 where they are the same division. With --out a CSV is written: row, path, label, speaker, split, component, and its responsibility for each component.',
  input: z.strictObject({
    ...codesChoice,
    by: z.enum(['label', 'speaker']).default('label').meta({ title: 'Classes' }),
    out: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'File for the clips', path: true, placeholder: 'FILE.csv' }),
  }),
  output: z.strictObject({
    model: modelUsedSchema,
    identity: codesIdentitySchema,
    split: z.string(),
    by: z.enum(['label', 'speaker']),
    clips: z.int(),
    components: z.array(componentSchema),
    perplexity: z.number().meta({ help: 'Components used, softly: e to the entropy of the shares.' }),
    /** 2 I / (H + H) of likeliest component and class; null where no clip has a class, or both are all the same. */
    mutualInformation: z.number().nullable(),
    purity: z.number().nullable().meta({
      help: 'Share of the clips that are of the most frequent class of their component; null where no clip has a class.',
    }),
    classes: z.array(z.strictObject({ name: z.string(), clips: z.int() })),
    responsibilities: float32Array().meta({
      help: '[classes, components]: mean over the clips of the class.',
    }),
    file: z.string().nullable(),
  }),
  examples: [
    'latent components --run my-run',
    'latent components --run my-run --split all --by speaker --out components.csv',
  ],
});
export type LatentComponents = z.output<typeof latentComponents.output>;
