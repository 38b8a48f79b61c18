import { describe, expect, it } from 'vitest';
import { engineProcessEnvironment } from '../../src-main/engine/process-environment.ts';

describe.skipIf(process.platform !== 'linux')('engineProcessEnvironment', () => {
  it('asks malloc for huge pages and keeps everything else', () => {
    const environment = engineProcessEnvironment({ HOME: '/h', GLIBC_TUNABLES: 'glibc.malloc.check=1' });
    expect(environment).toEqual({
      HOME: '/h',
      GLIBC_TUNABLES: 'glibc.malloc.check=1:glibc.malloc.hugetlb=1',
    });
    expect(engineProcessEnvironment({})).toEqual({ GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' });
  });

  it("leaves the user's own choice", () => {
    const environment = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
    expect(engineProcessEnvironment(environment)).toEqual(environment);
  });
});
