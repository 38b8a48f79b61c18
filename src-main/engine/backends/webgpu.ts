import { readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { installCommand } from '../setup/repair.ts';

export interface OpenedWebGpu {
  adapterName: string;
  software: boolean;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i;

/**
 * Whether there is anything that Dawn could find, without loading it: on Linux a GPU is a device node. Elsewhere the
 * system always has a graphics interface, so Dawn has to be asked.
 */
export function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  return [...list('/dev/dri'), ...list('/dev')].some((name) => /^(renderD\d+|nvidia\d+|dxg)$/.test(name));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No /dev/dri at all: no GPU that Mesa drives.
    return [];
  }
}

/**
 * Opens Dawn's WebGPU and registers tfjs's backend for it under the name 'webgpu'. A software adapter is used only with
 * `allowSoftware`. Throws engine/webgpu-missing, engine/webgpu-software.
 */
export async function openWebGpu(allowSoftware: boolean): Promise<OpenedWebGpu> {
  const gpu = await loadDawn();
  let adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter && allowSoftware) adapter = await gpu.requestAdapter({ forceFallbackAdapter: true });
  if (!adapter) throw missing('no driver offered one');
  const { info } = adapter;
  const adapterName =
    [info.description, info.vendor, info.architecture].find((name) => name) ?? 'unnamed adapter';
  const software = softwareNames.test(
    `${info.description} ${info.architecture} ${info.device} ${info.vendor}`,
  );
  if (software && !allowSoftware) throw new ResynthError('engine/webgpu-software', { adapter: adapterName });

  const { limits } = adapter;
  // The same request as tfjs's own registration makes, which this stands in for: that one asks for a feature by a
  // nested list, which Dawn refuses.
  const device = await adapter.requestDevice({
    requiredFeatures: (['timestamp-query', 'bgra8unorm-storage'] as const).filter((feature) =>
      adapter.features.has(feature),
    ),
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info), 3);
  await tf.setBackend('webgpu');
  return { adapterName, software };
}

async function loadDawn(): Promise<GPU> {
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const gpu = create([]);
    Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
    return gpu;
  } catch (error) {
    throw missing(messageOf(error), error);
  }
}

function missing(detail: string, cause?: unknown): ResynthError {
  return new ResynthError('engine/webgpu-missing', { detail, command: installCommand('vulkan') }, { cause });
}
