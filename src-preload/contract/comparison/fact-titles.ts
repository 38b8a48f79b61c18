const factTitles: Readonly<Record<string, string>> = {
  step: 'Held at step',
  preset: 'Preset',
  family: 'Family',
  'data.dataset': 'Dataset',
  'data.folder': 'Folder of the data',
  'data.splitHash': 'Split',
  'engine.backend': 'Backend',
  'engine.device': 'Device',
  'engine.deviceName': 'Processor or GPU',
  'engine.mode': 'Mode',
  'engine.deterministic': 'Deterministic',
  'engine.threads': 'Threads',
  'parent.run': 'Forked from',
  'parent.step': 'Forked at step',
};

/** 'training.learningRate' with the title of the form it was set in, else its last word. */
export function factTitle(key: string, titles: ReadonlyMap<string, string>): string {
  return titles.get(key) ?? factTitles[key] ?? key.slice(key.indexOf('.') + 1);
}
