import type {
  hostInfo,
  hostNoticeDismiss,
  jobsCancel,
  jobsList,
  settingsGet,
  settingsSet,
} from '../../src-preload/contract/commands/host.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { settingChanged } from '../../src-preload/contract/events/host.ts';
import { hostInfoOf } from './host-info.ts';
import type { HostHandler } from './services.ts';
import { concurrentTrainingsKey } from './settings.ts';

/** The commands about the host itself. */

const longestSettingBytes = 1e6;

export const handleHostInfo: HostHandler<typeof hostInfo> = (_input, { services }) => hostInfoOf(services);

export const handleHostNoticeDismiss: HostHandler<typeof hostNoticeDismiss> = async (
  { notice },
  { services },
) => {
  services.notices.dismiss(notice);
  return {};
};

export const handleJobsList: HostHandler<typeof jobsList> = async (_input, { services }) => ({
  jobs: services.jobs.list(),
});

export const handleJobsCancel: HostHandler<typeof jobsCancel> = async ({ job }, { services }) => {
  const { id, state } = services.jobs.cancel(job);
  return { job: id, state };
};

export const handleSettingsGet: HostHandler<typeof settingsGet> = async (_input, { services }) => ({
  settings: await services.database.readSettings(),
});

export const handleSettingsSet: HostHandler<typeof settingsSet> = async ({ key, value }, { services }) => {
  const text = JSON.stringify(value) as string | undefined;
  const refuse = (detail: string): never => {
    throw new ResynthError('host/setting-invalid', { key, detail });
  };
  if (text === undefined) refuse('it is no value of JSON');
  else if (text.length > longestSettingBytes) refuse(`it has ${text.length} characters`);
  await services.database.setSetting(key, value);
  services.hub.publish(settingChanged, { key, value });
  // More room may let the queue go on at once.
  if (key === concurrentTrainingsKey) await services.trainers.pump();
  return {};
};
