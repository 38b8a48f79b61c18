import path from 'node:path';

/**
 * The one-way arrows of the layout, as data: a folder of src-main may import itself, the contract, and what is listed.
 * `renderer -> contract; electron | web | cli -> host -> the rest -> contract`.
 */
export const allowedImports = {
  'src-preload/contract': [],
  'src-preload/bridge': [],
  'src-main/files': [],
  'src-main/processes': ['src-main/files'],
  'src-main/random': [],
  'src-main/dsp': ['src-main/random'],
  'src-main/audio': ['src-main/dsp', 'src-main/files'],
  'src-main/checkpoints': ['src-main/files'],
  'src-main/corpora': ['src-main/audio', 'src-main/files'],
  'src-main/engine': ['src-main/files', 'src-main/processes', 'src-main/random'],
  'src-main/models': ['src-main/engine', 'src-main/dsp'],
  'src-main/metrics': ['src-main/audio', 'src-main/dsp', 'src-main/random'],
  'src-main/baselines': ['src-main/audio', 'src-main/dsp'],
  'src-main/store': ['src-main/corpora', 'src-main/files'],
  'src-main/analyst': [
    'src-main/audio',
    'src-main/baselines',
    'src-main/corpora',
    'src-main/dsp',
    'src-main/files',
    'src-main/metrics',
    'src-main/processes',
    'src-main/store',
  ],
  'src-main/projection': ['src-main/analyst', 'src-main/processes', 'src-main/random'],
  'src-main/trainer': [
    'src-main/analyst',
    'src-main/dsp',
    'src-main/engine',
    'src-main/files',
    'src-main/models',
    'src-main/processes',
    'src-main/random',
    'src-main/store',
  ],
  'src-main/classifier': [
    'src-main/audio',
    'src-main/dsp',
    'src-main/engine',
    'src-main/files',
    'src-main/models',
    'src-main/processes',
    'src-main/random',
    'src-main/trainer',
  ],
  'src-main/inference': [
    'src-main/analyst',
    'src-main/audio',
    'src-main/dsp',
    'src-main/engine',
    'src-main/files',
    'src-main/models',
    'src-main/processes',
    'src-main/random',
    'src-main/store',
    'src-main/trainer',
  ],
  'src-main/host': [
    'src-main/analyst',
    'src-main/audio',
    'src-main/checkpoints',
    'src-main/classifier',
    'src-main/baselines',
    'src-main/corpora',
    'src-main/dsp',
    'src-main/engine',
    'src-main/files',
    'src-main/inference',
    'src-main/metrics',
    'src-main/models',
    'src-main/processes',
    'src-main/projection',
    'src-main/store',
    'src-main/trainer',
  ],
  'src-main/cli': ['src-main/host'],
  'src-main/web': [
    'src-main/files',
    'src-main/host',
    'src-main/processes',
    'src-main/store',
    'src-preload/bridge',
  ],
  'src-main/electron': [
    'src-main/files',
    'src-main/host',
    'src-main/processes',
    'src-main/store',
    'src-main/web',
    'src-preload/bridge',
  ],
  'src-renderer': ['src-preload/bridge'],
};

/** The folder of the table that a file belongs to, or undefined (tests may import anything). */
export function layerOf(file) {
  const posix = file.split(path.sep).join('/');
  return Object.keys(allowedImports).find((layer) => posix.startsWith(`${layer}/`));
}

/** Lint rule: an import that goes against the arrows is an error that names both ends. */
export const layers = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      arrow: '{{from}} may not import {{to}}: the arrows of the layout go one way (scripts/lint/layers.mjs).',
    },
  },
  create(context) {
    const file = path.relative(context.cwd, context.filename);
    const from = layerOf(file);
    if (!from) return {};
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      if (source === 'electron' && from !== 'src-main/electron') {
        context.report({ node, messageId: 'arrow', data: { from, to: 'electron' } });
      }
      if (!source.startsWith('.')) return;
      const target = layerOf(path.join(path.dirname(file), source));
      if (!target || target === from || target === 'src-preload/contract') return;
      if (!allowedImports[from].includes(target)) {
        context.report({ node, messageId: 'arrow', data: { from, to: target } });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
