/** What a curve is called for people, the same on every screen and in every report, and what it says. */
const titles: Readonly<Record<string, { title: string; help: string }>> = {
  total: { title: 'Loss', help: 'What is minimised: all terms with their weights.' },
  reconstruction: { title: 'Reconstruction', help: 'How far what comes back is from what went in.' },
  mse: { title: 'Mean squared error', help: 'Of the reconstruction, in units of the input.' },
  kl: { title: 'KL divergence', help: 'Of the latent posterior from its prior: what the code costs.' },
  klComponent: {
    title: 'KL of the component',
    help: 'What the choice of a component of the prior tells, in nats; part of the KL.',
  },
  scale: {
    title: 'Width of the likelihood',
    help: 'As learned: how far levels lie from what the decoder gives, 1 being their whole range.',
  },
  componentPerplexity: {
    title: 'Components used',
    help: 'Perplexity of the shares of the components: as many as there are where all are used alike.',
  },
  deadComponents: {
    title: 'Dead components',
    help: 'With less than a tenth of an equal share of the clips.',
  },
  commitment: {
    title: 'Commitment',
    help: 'How far vectors lie from the codes chosen for them, all stages together; its own weight left out.',
  },
  perplexity: {
    title: 'Perplexity',
    help: 'How many codes chosen equally often would be as hard to guess.',
  },
  dead: {
    title: 'Dead codes',
    help: 'Chosen on average less than 3 % as often as codes that are all used alike.',
  },
  used: { title: 'Codes used', help: 'Chosen at least once in a validation.' },
  unused: { title: 'Codes unused', help: 'Never chosen in a validation.' },
  learningRate: { title: 'Learning rate', help: 'Of the optimiser, at each step.' },
  beta: { title: 'Beta', help: 'Weight of the KL term.' },
  activeUnits: {
    title: 'Active units',
    help: 'Latent dimensions that carry more than 0.01 nats; none is a collapsed code.',
  },
  gradientNorm: { title: 'Gradient norm', help: 'Euclidean norm over all weights, before clipping.' },
};

/** A stage of a discrete code has curves of its own, `perplexity/stage-2`. */
function parted(key: string): { whole: string; stage: string | undefined } {
  const [whole = key, stage] = key.split('/stage-');
  return { whole, stage };
}

/** The title of a curve by its key ('kl'): 'KL divergence'; the key itself where it has no other name. */
export function metricTitle(key: string): string {
  const { whole, stage } = parted(key);
  const title = Object.hasOwn(titles, whole) ? titles[whole]?.title : undefined;
  if (title === undefined) return key;
  return stage === undefined ? title : `${title}, stage ${stage}`;
}

/** What a curve says, in a sentence; undefined where its name has to do. */
export function metricHelp(key: string): string | undefined {
  const { whole } = parted(key);
  return Object.hasOwn(titles, whole) ? titles[whole]?.help : undefined;
}
