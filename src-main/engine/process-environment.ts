/**
 * The environment for a process that will load TensorFlow: what the C library reads only when a process starts.
 * On Linux malloc asks for huge pages: a step of a conv net allocates hundreds of megabytes, and with pages of 4 KiB about
 * a tenth of its time went into page faults and address look-ups. Same bits, no effect where the system has them off.
 */
export function engineProcessEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  if (process.platform !== 'linux') return { ...base };
  const tunables = base.GLIBC_TUNABLES?.split(':').filter(Boolean) ?? [];
  if (!tunables.some((tunable) => tunable.startsWith('glibc.malloc.hugetlb='))) {
    tunables.push('glibc.malloc.hugetlb=1');
  }
  return { ...base, GLIBC_TUNABLES: tunables.join(':') };
}
