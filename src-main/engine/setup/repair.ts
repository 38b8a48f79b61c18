import { readFileSync } from 'node:fs';
import type { BackendNote } from '../../../src-preload/contract/commands/doctor.ts';
import type { ResynthError } from '../../../src-preload/contract/errors/error.ts';

/** Does the set-up again from where it stopped, whatever the last attempt said. */
export const setupCommand = 'node scripts/setup.mjs';

/** What a user may have to install with the system's own package manager. We say the command; we never run it. */
export type SystemPart = 'python' | 'pip' | 'compiler' | 'nvidia-driver' | 'vulkan';

const packages: Record<string, Record<SystemPart, string>> = {
  apt: {
    python: 'sudo apt install python3-pip',
    pip: 'sudo apt install python3-pip',
    compiler: 'sudo apt install g++',
    'nvidia-driver': 'sudo apt install nvidia-driver',
    vulkan: 'sudo apt install mesa-vulkan-drivers',
  },
  dnf: {
    python: 'sudo dnf install python3-pip',
    pip: 'sudo dnf install python3-pip',
    compiler: 'sudo dnf install gcc-c++',
    'nvidia-driver': 'sudo dnf install akmod-nvidia',
    vulkan: 'sudo dnf install mesa-vulkan-drivers',
  },
  pacman: {
    python: 'sudo pacman -S python-pip',
    pip: 'sudo pacman -S python-pip',
    compiler: 'sudo pacman -S gcc',
    'nvidia-driver': 'sudo pacman -S nvidia',
    vulkan: 'sudo pacman -S vulkan-radeon vulkan-intel',
  },
  zypper: {
    python: 'sudo zypper install python3-pip',
    pip: 'sudo zypper install python3-pip',
    compiler: 'sudo zypper install gcc-c++',
    'nvidia-driver': 'sudo zypper install nvidia-open-driver-G06-signed-kmp-default',
    vulkan: 'sudo zypper install libvulkan_radeon libvulkan_intel',
  },
  darwin: {
    python: 'xcode-select --install',
    pip: 'python3 -m ensurepip --user',
    compiler: 'xcode-select --install',
    'nvidia-driver': 'none: macOS has no NVIDIA drivers',
    vulkan: 'none: macOS brings its own (Metal)',
  },
  win32: {
    python: 'winget install Python.Python.3.12',
    pip: 'py -m ensurepip',
    compiler: 'winget install Microsoft.VisualStudio.2022.BuildTools',
    'nvidia-driver': 'winget install Nvidia.GeForceExperience',
    vulkan: 'update the graphics driver from its maker',
  },
};

const managerOfDistribution: Record<string, string> = {
  debian: 'apt',
  ubuntu: 'apt',
  fedora: 'dnf',
  rhel: 'dnf',
  centos: 'dnf',
  arch: 'pacman',
  suse: 'zypper',
  opensuse: 'zypper',
};

/** The command that installs a part on this system; on a distribution that we do not know, Debian's, said to be so. */
export function installCommand(
  part: SystemPart,
  platform: NodeJS.Platform = process.platform,
  osRelease: () => string = readOsRelease,
): string {
  const own = packages[platform];
  if (own) return own[part];
  const identifiers = [...osRelease().matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)]
    .flatMap((match) => (match[1] ?? '').split(/\s+/))
    .filter(Boolean);
  for (const identifier of identifiers) {
    const manager = managerOfDistribution[identifier.replace(/-.*$/, '')];
    const commands = manager ? packages[manager] : undefined;
    if (commands) return commands[part];
  }
  return `${packages.apt?.[part]} (on Debian; your system's package manager has it by a similar name)`;
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    // Not every Linux has the file; the caller then says that the command is Debian's.
    return '';
  }
}

/** An error as a note: what is missing, why, and the one thing to do. */
export function noteOf(missing: string, error: ResynthError): BackendNote {
  return { code: error.code, missing, why: error.message, fix: error.remedy };
}
