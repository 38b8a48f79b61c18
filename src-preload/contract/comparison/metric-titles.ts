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
  learningRate: { title: 'Learning rate', help: 'Of the optimiser, at each step.' },
  beta: { title: 'Beta', help: 'Weight of the KL term.' },
  activeUnits: {
    title: 'Active units',
    help: 'Latent dimensions that carry more than 0.01 nats; none is a collapsed code.',
  },
  gradientNorm: { title: 'Gradient norm', help: 'Euclidean norm over all weights, before clipping.' },
};

/** The title of a curve by its key ('kl'): 'KL divergence'; the key itself where it has no other name. */
export function metricTitle(key: string): string {
  return Object.hasOwn(titles, key) ? (titles[key]?.title ?? key) : key;
}

/** What a curve says, in a sentence; undefined where its name has to do. */
export function metricHelp(key: string): string | undefined {
  return Object.hasOwn(titles, key) ? titles[key]?.help : undefined;
}
