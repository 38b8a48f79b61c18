import { mount } from 'svelte';
import App from '../../src-renderer/App.svelte';
import { devRuns } from './dev-runs.ts';
import { FakeDatasets, bigCorpus, fsddCorpus } from './fake-datasets.ts';
import { FakeHost } from './fake-host.ts';

/**
 * A page to look at the screens with, without a host: `vite --config test/renderer/dev.vite.ts`, then
 * http://127.0.0.1:5199/dev.html. `?empty` begins with no dataset, `?lost` without a host, `?notices` with notices.
 */
const wanted = new URLSearchParams(location.search);
const host = new FakeHost();
const datasets = new FakeDatasets(host);
if (!wanted.has('empty')) {
  datasets.add('fsdd', 'fsdd', '/data/speech/fsdd/recordings', fsddCorpus);
  datasets.add('librispeech', 'librispeech-960', '/data/speech/LibriSpeech', bigCorpus);
  datasets.add(
    'disk',
    'interviews',
    '/media/disk/interviews',
    { ...fsddCorpus, count: 412 },
    { reachable: false },
  );
}
if (wanted.has('notices')) {
  host.info = {
    ...host.info,
    notices: [
      {
        id: 'restored',
        level: 'warning',
        message: 'The index was damaged and restored from its copy of 14:05.',
        remedy: 'Scan the datasets again to be sure that nothing is missing.',
      },
    ],
  };
}
const runs = devRuns(host, wanted);
host.reachable = !wanted.has('lost');

const target = document.getElementById('app');
if (!target) throw new Error('dev.html has no element with the id "app"');
mount(App, { target, props: { open: host.open } });
Object.assign(window, { fakeHost: host, fakeDatasets: datasets, fakeRuns: runs });
