import { currentTensorFlow } from './backends/current.ts';
import { CompiledProgram } from './compiled-program.ts';
import { EagerProgram } from './eager-program.ts';
import type { Program, ProgramDefinition } from './program.ts';

export interface CompileOptions {
  /** 'auto' compiles where the backend can capture (TensorFlow) and runs eagerly elsewhere. */
  mode?: 'auto' | 'eager';
  /** Reports how far the compilation is: entry points done, of how many. */
  onProgress?: (event: { entry: string; done: number; total: number }) => void;
}

/**
 * Turns entry points over shared state into a program on the backend in use. On TensorFlow every entry point is captured
 * into one graph whose variables live inside the session; elsewhere the same functions run as they are.
 * The program owns the registered state from here on: read and write it through the program.
 */
export function compileProgram(definition: ProgramDefinition, options: CompileOptions = {}): Program {
  const backend = currentTensorFlow();
  if (backend && (options.mode ?? 'auto') === 'auto') {
    return new CompiledProgram(definition, backend, options.onProgress ?? (() => undefined));
  }
  return new EagerProgram(definition);
}
