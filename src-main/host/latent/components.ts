import path from 'node:path';
import type {
  LatentComponents,
  latentComponents,
} from '../../../src-preload/contract/commands/components.ts';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { makeFolder } from '../../files/folders.ts';
import type { LatentRequests } from '../../inference/latent/protocol.ts';
import { deadAmong, perplexityOf } from '../../trainer/component-usage.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import type { HostHandler } from '../services.ts';
import { codesOf } from './codes-of-run.ts';
import { mutualInformation, purity } from './mutual-information.ts';
import { asWritten, classesAmong, columnOf, pointsOf } from './points.ts';

type Mixture = NonNullable<LatentRequests['mixture']['result']>;

/** `latent components`: which clips belong to which component of the prior, and what the components are. */
export const handleLatentComponents: HostHandler<typeof latentComponents> = async (input, context) => {
  const { services } = context;
  const run = await services.trainers.resolve(input.run);
  const mixture = await services.inference.request(
    'mixture',
    { model: referenceTo(run, input.checkpoint) },
    optionsOf(context),
  );
  const codes = await codesOf(services, input, context);
  const clips = codes.ids.length;
  const { components } = mixture;
  const responsibilities = await columnOf(codes, 'responsibilities');
  const points = await pointsOf(services, codes, false);
  const of = points.component;
  if (!of) throw new ResynthError('inference/no-capability', noMixture(String(run.record.config.family)));
  const { names, classOf } = classesAmong(input.by === 'label' ? points.labels : points.speakers);
  const everything = meansOf(responsibilities, components, new Int32Array(clips), 1);
  const shares = [...everything.means];
  const file = input.out === undefined ? null : path.resolve(input.out);
  if (file !== null) {
    await makeFolder(path.dirname(file));
    const columns = Array.from({ length: components }, (_, at) => `component ${at + 1}`);
    await writeFileAtomic(
      file,
      csvText(
        ['row', 'path', 'label', 'speaker', 'split', 'component', ...columns],
        points.recordings.map((recording, row) => [
          ...[row, recording, points.labels[row], points.speakers[row], points.splits[row], of[row]],
          ...[...responsibilities.subarray(row * components, (row + 1) * components)].map(asWritten),
        ]),
      ),
    );
  }
  const byClass = meansOf(responsibilities, components, classOf, names.length);
  return {
    model: codes.model,
    identity: codes.identity,
    split: codes.split,
    by: input.by,
    clips,
    components: describe(mixture, shares, of),
    perplexity: perplexityOf(shares),
    mutualInformation: mutualInformation(of, classOf),
    purity: purity(of, classOf),
    classes: names.map((name, at) => ({ name, clips: byClass.counts[at] ?? 0 })),
    responsibilities: byClass.means,
    file,
  };
};

function noMixture(family: string) {
  return { family, capability: 'tell the components of its prior' };
}

/** Mean rows of `values` `[clips, width]` over the clips of each class, `[classes, width]`; -1 is in no class. */
function meansOf(
  values: Float32Array,
  width: number,
  classOf: Int32Array,
  classes: number,
): { means: Float32Array<ArrayBuffer>; counts: Int32Array } {
  const sums = new Float64Array(classes * width);
  const counts = new Int32Array(classes);
  for (const [clip, one] of classOf.entries()) {
    if (one < 0) continue;
    counts[one]! += 1;
    for (let at = 0; at < width; at++) sums[one * width + at]! += values[clip * width + at]!;
  }
  return { means: Float32Array.from(sums, (sum, at) => sum / counts[Math.floor(at / width)]!), counts };
}

function describe(
  mixture: Mixture,
  shares: readonly number[],
  of: Int32Array,
): LatentComponents['components'] {
  const { components, weights, deviations } = mixture;
  const latentDim = deviations.length / components;
  const dead = new Set(deadAmong(shares));
  const clips = new Int32Array(components);
  for (const component of of) clips[component - 1]! += 1;
  return Array.from({ length: components }, (_, one) => {
    const widths = deviations.subarray(one * latentDim, (one + 1) * latentDim);
    return {
      component: one + 1,
      weight: weights[one]!,
      share: shares[one]!,
      clips: clips[one]!,
      deviation: Math.sqrt(widths.reduce((sum, width) => sum + width * width, 0) / latentDim),
      dead: dead.has(one),
    };
  });
}
