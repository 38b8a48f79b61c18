import { z } from 'zod';
import { defineCommand } from '../command.ts';

/** Which engine computes. 'auto' takes the best that is here. */
export const backendChoiceSchema = z.enum(['auto', 'tensorflow', 'webgpu', 'javascript']);
export type BackendChoice = z.output<typeof backendChoiceSchema>;

export const backendKindSchema = z.enum(['tensorflow', 'webgpu', 'javascript']);
export type BackendKind = z.output<typeof backendKindSchema>;

/** Why something better is not used, and the one command that gives it. */
export const backendNoteSchema = z.strictObject({
  code: z.string(),
  missing: z.string(),
  why: z.string(),
  fix: z.string(),
});
export type BackendNote = z.output<typeof backendNoteSchema>;

const speedSchema = z.strictObject({
  /** What was computed, with its shapes. */
  work: z.string(),
  gigaflops: z.number().nonnegative(),
  /** Share of the estimated peak, 0 to 1; null where no peak can be estimated. */
  shareOfPeak: z.number().nonnegative().nullable(),
});

const backendReportSchema = z.strictObject({
  backend: z.enum(['tensorflow-cuda', 'webgpu', 'tensorflow-cpu', 'javascript']),
  available: z.boolean(),
  detail: z.string(),
  lacks: backendNoteSchema.nullable(),
});

/** What `resynth doctor` reports. Versions are null where the part is not here. */
export const doctorReportSchema = z.strictObject({
  backend: backendKindSchema,
  device: z.string(),
  deviceName: z.string(),
  deterministic: z.boolean(),
  threads: z.strictObject({ intraOp: z.int(), interOp: z.int() }).nullable(),
  versions: z.strictObject({
    resynth: z.string(),
    node: z.string(),
    os: z.string(),
    tensorflow: z.string().nullable(),
    tfjs: z.string(),
    nvidiaDriver: z.string().nullable(),
  }),
  machine: z.strictObject({
    processor: z.string(),
    physicalCores: z.int(),
    logicalCores: z.int(),
    memoryBytes: z.int(),
    freeMemoryBytes: z.int(),
    /** Widest vector unit that was detected, such as 'avx512'; null where it cannot be told. */
    simd: z.string().nullable(),
    clockGigahertz: z.number().nullable(),
  }),
  /** Cores x floating-point operations a cycle x clock: an estimate, as clocks vary under load. */
  estimatedPeakGigaflops: z.number().nullable(),
  /** Null with `quick`. */
  speed: z.strictObject({ matmul: speedSchema, conv2d: speedSchema }).nullable(),
  backends: z.array(backendReportSchema),
  notes: z.array(backendNoteSchema),
  /** Where the engine's libraries lie, and whether they are bit for bit what was installed (null: not checked). */
  libraries: z.strictObject({ folder: z.string(), intact: z.boolean().nullable() }).nullable(),
  cacheFolder: z.string(),
});
export type DoctorReport = z.output<typeof doctorReportSchema>;

export const doctorInputSchema = z.strictObject({
  backend: backendChoiceSchema
    .default('auto')
    .meta({ title: 'Backend', help: 'Which engine to look at; auto takes the best one that is here.' }),
  device: z
    .string()
    .optional()
    .meta({ title: 'Device', help: 'cpu, gpu, gpu:1, or software (a WebGPU adapter without a GPU).' }),
  threads: z.int().min(1).max(1024).optional().meta({
    title: 'Threads',
    help: 'Processor threads inside one operation; the number of cores if left out.',
  }),
  quick: z
    .boolean()
    .default(false)
    .meta({ title: 'Quick', help: 'Skip the speed measurement and the full check of the installed files.' }),
});

/** What computes here, how fast, and what a better engine lacks. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Show which engine computes here, how fast, what a better one lacks, and how to get it.',
  input: doctorInputSchema,
  output: doctorReportSchema,
  examples: ['doctor', 'doctor --quick --json', 'doctor --backend webgpu --device software'],
});
