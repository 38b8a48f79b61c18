import type { z } from 'zod';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { memoryChannelPair } from '../../src-preload/contract/channels/memory.ts';
import type { Command, ProgressEvent } from '../../src-preload/contract/command.ts';
import { doctor } from '../../src-preload/contract/commands/doctor.ts';
import {
  type HostInfo,
  type Job,
  hostInfo,
  hostNoticeDismiss,
  jobsCancel,
  jobsList,
  settingsGet,
  settingsSet,
} from '../../src-preload/contract/commands/host.ts';
import { ResynthError, asResynthError } from '../../src-preload/contract/errors/error.ts';
import { EventHub } from '../../src-preload/contract/event-hub.ts';
import { hostChanged, jobChanged, settingChanged } from '../../src-preload/contract/events/host.ts';
import { serveChannel } from '../../src-preload/contract/server.ts';

export interface FakeContext {
  signal: AbortSignal;
  progress(event: ProgressEvent): void;
}

/**
 * A host with made-up data behind the real contract: for component tests, and for a page to look at screens with. Parts
 * of it (datasets, runs) register their handlers; the application never contains it.
 */
export class FakeHost {
  readonly hub = new EventHub();
  readonly #handlers = new Map<
    string,
    { command: Command; handle(input: unknown, context: FakeContext): unknown }
  >();
  readonly #ends = new Set<Channel>();
  readonly jobs = new Map<string, Job>();
  readonly settings: Record<string, unknown> = {};
  info: HostInfo;
  /** While false, nobody answers: what a lost connection looks like. */
  reachable = true;
  /** Commands that were called, for tests. */
  readonly calls: { name: string; input: unknown }[] = [];
  #nextJob = 1;

  constructor() {
    this.info = {
      instance: this.hub.instance,
      version: '0.1.0',
      pid: 4242,
      home: '/home/ada/.local/share/resynth',
      isDefaultHome: true,
      kind: 'web',
      startedMs: Date.now() - 3_600_000,
      places: [
        { title: 'Home', folder: '/home/ada' },
        { title: 'Speech', folder: '/data/speech' },
        { title: 'Disks', folder: '/media' },
      ],
      freeBytes: 214e9,
      notices: [],
    };
    this.on(hostInfo, () => this.info);
    this.on(hostNoticeDismiss, ({ notice }) => {
      this.info = { ...this.info, notices: this.info.notices.filter((one) => one.id !== notice) };
      this.hub.publish(hostChanged, { host: this.info });
      return {};
    });
    this.on(jobsList, () => ({ jobs: [...this.jobs.values()] }));
    this.on(jobsCancel, ({ job }) => {
      const state = this.jobs.get(job)?.state ?? 'done';
      if (state === 'running') this.changeJob(job, { state: 'cancelled', endedMs: Date.now() });
      return { job, state };
    });
    this.on(settingsGet, () => ({ settings: this.settings }));
    this.on(settingsSet, ({ key, value }) => {
      this.settings[key] = value;
      this.hub.publish(settingChanged, { key, value });
      return {};
    });
    this.on(doctor, ({ quick }) => fakeReport(quick));
  }

  /** Answers a command. */
  on<C extends Command>(
    command: C,
    handle: (
      input: z.output<C['input']>,
      context: FakeContext,
    ) => z.input<C['output']> | Promise<z.input<C['output']>>,
  ): void {
    this.#handlers.set(command.name, {
      command,
      handle: handle as (input: unknown, context: FakeContext) => unknown,
    });
  }

  /** Makes a command fail. */
  fail(command: Command, error: ResynthError): void {
    this.on(command, () => {
      throw error;
    });
  }

  /** For the client: one line to this host. */
  open = async (): Promise<Channel> => {
    if (!this.reachable) throw new ResynthError('web/no-answer');
    const [client, host] = memoryChannelPair();
    this.#ends.add(client);
    serveChannel(host, {
      hub: this.hub,
      find: (name) => this.#handlers.get(name)?.command,
      call: async (name, input, context) => {
        this.calls.push({ name, input });
        try {
          return await this.#handlers.get(name)?.handle(input, context);
        } catch (error) {
          throw asResynthError(error);
        }
      },
    });
    return client;
  };

  /** Cuts every line. */
  cut(): void {
    for (const end of this.#ends) end.close('the test cut it');
    this.#ends.clear();
  }

  beginJob(command: string, title: string, part: Partial<Job> = {}): string {
    const id = `job-${this.#nextJob++}`;
    this.jobs.set(id, {
      id,
      command,
      title,
      subject: null,
      state: 'running',
      startedMs: Date.now(),
      endedMs: null,
      stage: '',
      done: null,
      total: null,
      unit: null,
      detail: null,
      rate: null,
      etaSec: null,
      warnings: [],
      error: null,
      ...part,
    });
    this.changeJob(id, {});
    return id;
  }

  changeJob(id: string, part: Partial<Job>): void {
    const job = this.jobs.get(id);
    if (!job) return;
    const changed = { ...job, ...part };
    this.jobs.set(id, changed);
    this.hub.publish(jobChanged, { job: changed });
  }

  /** Counts a job up over `durationMs` as a real one does; false where it was cancelled meanwhile. */
  async runJob(
    id: string,
    total: number,
    durationMs: number,
    context: FakeContext,
    detail: (done: number) => string,
  ): Promise<boolean> {
    const began = performance.now();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (context.signal.aborted) this.changeJob(id, { state: 'cancelled', endedMs: Date.now() });
      if (this.jobs.get(id)?.state !== 'running') return false;
      const share = Math.min(1, (performance.now() - began) / durationMs);
      const done = Math.round(share * total);
      const rate = (1000 * total) / durationMs;
      this.changeJob(id, { done, total, rate, etaSec: (total - done) / rate, detail: detail(done) });
      context.progress({ stage: this.jobs.get(id)?.stage ?? '', done, total, detail: detail(done) });
      if (share === 1) return true;
    }
  }
}

function fakeReport(quick: boolean): z.input<typeof doctor.output> {
  return {
    backend: 'tensorflow',
    device: 'cpu',
    deviceName: 'AMD Ryzen 7 7840U · TensorFlow 2.18.1',
    deterministic: true,
    threads: { intraOp: 8, interOp: 2 },
    versions: {
      resynth: '0.1.0',
      node: '24.21.0',
      os: 'Linux 6.1 (Debian 12)',
      tensorflow: '2.18.1',
      tfjs: '4.22.0',
      nvidiaDriver: null,
    },
    machine: {
      processor: 'AMD Ryzen 7 7840U',
      physicalCores: 8,
      logicalCores: 16,
      memoryBytes: 32e9,
      freeMemoryBytes: 19.4e9,
      simd: 'avx512',
      clockGigahertz: 3.3,
    },
    estimatedPeakGigaflops: 844,
    speed: quick
      ? null
      : {
          matmul: { work: '1024 x 1024 by 1024 x 1024', gigaflops: 611, shareOfPeak: 0.72 },
          conv2d: { work: '16 x 128 x 64 x 32, 3 x 3, 64 filters', gigaflops: 402, shareOfPeak: 0.48 },
        },
    backends: [
      {
        backend: 'tensorflow-cuda',
        available: false,
        detail: 'No NVIDIA driver answers.',
        lacks: {
          code: 'cuda/no-driver',
          missing: 'an NVIDIA driver',
          why: 'nvidia-smi is not here, so there is no GPU that CUDA could use.',
          fix: 'Install the driver of the card, then run: npm run resynth -- doctor',
        },
      },
      { backend: 'webgpu', available: false, detail: 'Only a software adapter was found.', lacks: null },
      {
        backend: 'tensorflow-cpu',
        available: true,
        detail: 'TensorFlow 2.18.1 with oneDNN, AVX-512',
        lacks: null,
      },
      {
        backend: 'javascript',
        available: true,
        detail: 'Plain JavaScript, for machines with nothing else',
        lacks: null,
      },
    ],
    notes: [],
    libraries: { folder: '/home/ada/.cache/resynth/engine/2.18.1', intact: quick ? null : true },
    cacheFolder: '/home/ada/.cache/resynth',
  };
}
