import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** What the processor can do, as far as it can be told from outside. */
export interface ProcessorAbility {
  /** Widest vector unit; null where it cannot be told. */
  simd: 'avx512' | 'avx2' | 'avx' | 'sse' | 'neon' | null;
  /** 32-bit floating-point operations a core and cycle; a fused multiply-add is two. */
  flopsPerCycle: number | null;
  clockGigahertz: number | null;
}

/** Looks at the processor of this machine; measures the clock, which takes a few hundredths of a second. */
export function inspectProcessor(): ProcessorAbility {
  const text = readCpuInfo();
  return { ...vectorAbility(text), clockGigahertz: clockGigahertz(text) };
}

function readCpuInfo(): string {
  const file = '/proc/cpuinfo';
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Vector width and multiply-adds a cycle from the text of /proc/cpuinfo. Sources: Agner Fog's instruction tables and the
 * makers' optimisation manuals; two 256-bit FMA units since Haswell and Zen 2; AVX-512 at double rate on Intel's servers and
 * from Zen 5 on, at AVX2's rate on Zen 4, which runs it in halves; on arm64 two 128-bit units (Apple's have four).
 */
export function vectorAbility(
  cpuInfo: string,
  architecture: string = process.arch,
  platform: NodeJS.Platform = process.platform,
): Pick<ProcessorAbility, 'simd' | 'flopsPerCycle'> {
  if (architecture === 'arm64') return { simd: 'neon', flopsPerCycle: platform === 'darwin' ? 32 : 16 };
  const flags = new Set((/^flags\s*: (.*)$/m.exec(cpuInfo)?.[1] ?? '').split(' '));
  if (flags.has('avx512f')) {
    const amd = /AuthenticAMD/.test(cpuInfo);
    const family = Number(/^cpu family\s*: (\d+)/m.exec(cpuInfo)?.[1] ?? 0);
    return { simd: 'avx512', flopsPerCycle: amd && family <= 25 ? 32 : 64 };
  }
  if (flags.has('avx2') && flags.has('fma')) return { simd: 'avx2', flopsPerCycle: 32 };
  if (flags.has('avx')) return { simd: 'avx', flopsPerCycle: 16 };
  if (flags.has('sse2')) return { simd: 'sse', flopsPerCycle: 8 };
  return { simd: null, flopsPerCycle: null };
}

/**
 * The clock in GHz. On x64 it is measured, since virtual machines report the nominal one and processors run faster than
 * that: a chain of multiplications and additions that wait for each other takes 3 + 1 cycles a link on every x64 processor
 * of the last decade. Elsewhere what the system reports.
 */
function clockGigahertz(cpuInfo: string): number | null {
  if (process.arch === 'x64') return measureClock();
  const reported = Number(/^cpu MHz\s*: ([\d.]+)/m.exec(cpuInfo)?.[1] ?? os.cpus()[0]?.speed ?? 0);
  return reported > 0 ? reported / 1000 : null;
}

function measureClock(): number {
  const links = 4_000_000;
  const cyclesPerLink = 4;
  let best = 0;
  for (let repeat = 0; repeat < 8; repeat++) {
    const started = process.hrtime.bigint();
    chain(links);
    const elapsedNs = Number(process.hrtime.bigint() - started);
    best = Math.max(best, (links * cyclesPerLink) / elapsedNs);
  }
  return best;
}

let sink = 1;

function chain(links: number): void {
  let value = sink;
  for (let link = 0; link < links; link++) value = (Math.imul(value, 1664525) + 1013904223) | 0;
  // Kept, so that the loop cannot be optimised away.
  sink = value;
}
