import type { ErrorText } from './catalogue.ts';

/** Texts for engine. */
export const engineErrors = {
  'engine/state-duplicate': {
    message: 'Two variables of one program are both named "{name}".',
    remedy: 'Give each registered variable its own name; checkpoints are keyed by it.',
  },
  'engine/not-set-up': {
    message: 'TensorFlow has not been set up on this machine.',
    remedy: 'Run: {command}',
  },
  'engine/turned-off': {
    message: 'TensorFlow is turned off by RESYNTH_TENSORFLOW=none.',
    remedy: 'Unset RESYNTH_TENSORFLOW and start again.',
  },
  'engine/platform-unsupported': {
    message: 'TensorFlow publishes no library that Resynth can link to on {platform}.',
    remedy:
      'Use Linux (x64, arm64) or a Mac with Apple silicon for TensorFlow; a GPU still works through WebGPU.',
  },
  'engine/python-missing': {
    message:
      'No Python was found (looked for {looked} on PATH); its pip is what fetches the TensorFlow libraries.',
    remedy: 'Run: {command}',
  },
  'engine/pip-missing': {
    message: 'Python at {python} has no pip, which is what fetches the TensorFlow libraries.',
    remedy: 'Run: {command}',
  },
  'engine/download-failed': {
    message: 'The download of {file} failed: {detail}',
    remedy: 'Check the connection to the Python package index, then run: {command}',
  },
  'engine/wheel-corrupt': {
    message:
      'The downloaded {file} is not the pinned one: its SHA-256 is {actual}, it should be {expected}. It was deleted.',
    remedy: 'Check what the Python package index is set to (`pip config list`), then run: {command}',
  },
  'engine/disk-full': {
    message: 'Setting up {target} needs {neededGigabytes} GB free in {folder}; there are {freeGigabytes} GB.',
    remedy: 'Free some space there, or name a folder on another disk: RESYNTH_CACHE=FOLDER {command}',
  },
  'engine/cache-unwritable': {
    message: 'The cache folder {folder} cannot be written: {detail}',
    remedy: 'Make it writable, or name another folder: RESYNTH_CACHE=FOLDER {command}',
  },
  'engine/compiler-missing': {
    message:
      'No C++ compiler was found (looked for {looked} on PATH); it joins Node to the TensorFlow libraries.',
    remedy: 'Run: {command}',
  },
  'engine/headers-missing': {
    message: 'The headers of Node were not found beside {node}.',
    remedy: 'Install the dependencies again with: npm ci --ignore-scripts',
  },
  'engine/compile-failed': {
    message: 'The TensorFlow binding did not compile with {compiler}: {detail}',
    remedy: 'The whole output is in {log}. Another compiler can be named: CXX=clang++ {command}',
  },
  'engine/load-failed': {
    message: 'TensorFlow is installed but did not load: {detail}',
    remedy: 'Install it again with: {command}',
  },
  'engine/libraries-changed': {
    message: '{file} in the engine folder is not what was installed.',
    remedy: 'Install it again with: {command}',
  },
  'engine/busy': {
    message: 'Another process (pid {pid}) has been setting up {target} for longer than {minutes} minutes.',
    remedy: 'Wait for it, or end it and run: {command}',
  },
  'engine/no-nvidia-driver': {
    message: 'No NVIDIA driver was found, so TensorFlow cannot use CUDA.',
    remedy: 'With an NVIDIA card: {command}',
  },
  'engine/gpu-not-used': {
    message: 'The CUDA build of TensorFlow is loaded, but it found no GPU that it can use{detail}.',
    remedy: 'See what the driver says with: {command}',
  },
  'engine/webgpu-missing': {
    message: 'WebGPU found no adapter: {detail}',
    remedy: 'With an AMD, Intel or Apple GPU: {command}',
  },
  'engine/webgpu-software': {
    message: 'The only WebGPU adapter is software ({adapter}), slower than TensorFlow on the processor.',
    remedy: 'To use it all the same: --backend webgpu --device software',
  },
  'engine/backend-unavailable': {
    message: 'The backend "{backend}" was asked for and cannot be had: {why}',
    remedy: '{fix}',
  },
  'engine/device-unavailable': {
    message: 'The device "{device}" was asked for; the backend "{backend}" has {available}.',
    remedy: 'Choose one of those, or leave the device out. `npm run resynth -- doctor` lists what is here.',
  },
  'engine/already-open': {
    message: 'A backend is already open in this process ({open}), so {wanted} cannot be opened beside it.',
    remedy: 'Open another backend in a process of its own; TensorFlow reads its settings only once.',
  },
  'engine/threads-invalid': {
    message: 'threads is {threads}; it must be a whole number from 1 to {maximum}.',
    remedy: 'Leave it out for the number of cores of this machine.',
  },
} as const satisfies Record<string, ErrorText>;
