import { expect, test } from 'vitest';
import { installCommand } from '../../../src-main/engine/setup/repair.ts';

const on = (osRelease: string) => installCommand('compiler', 'linux', () => osRelease);

test('the command is that of the distribution, or of the one it is like', () => {
  expect(on('NAME="Debian GNU/Linux"\nID=debian\n')).toBe('sudo apt install g++');
  expect(on('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe('sudo apt install g++');
  expect(on('ID="rocky"\nID_LIKE="rhel centos fedora"\n')).toBe('sudo dnf install gcc-c++');
  expect(on('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n')).toBe('sudo zypper install gcc-c++');
  expect(on('ID=arch\n')).toBe('sudo pacman -S gcc');
});

test('an unknown distribution gets one that says whose it is', () => {
  expect(on('')).toContain('on Debian');
});

test('other systems have their own', () => {
  expect(installCommand('compiler', 'darwin')).toBe('xcode-select --install');
  expect(installCommand('python', 'win32')).toContain('winget');
});
