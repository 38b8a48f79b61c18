// First: the charts ask for these as they are loaded.
import { layOut } from './jsdom-gaps.ts';
import { render } from '@testing-library/svelte';
import App from '../../src-renderer/App.svelte';
import { FakeDatasets } from './fake-datasets.ts';
import { FakeHost } from './fake-host.ts';

/** The whole window over a made-up host, at a place. */
export function mountApp(place = ''): { host: FakeHost; datasets: FakeDatasets; mount(): void } {
  layOut(1200, 800);
  localStorage.clear();
  history.replaceState(null, '', `#/${place}`);
  const host = new FakeHost();
  const datasets = new FakeDatasets(host);
  datasets.indexMs = 200;
  return { host, datasets, mount: () => void render(App, { props: { open: host.open } }) };
}
