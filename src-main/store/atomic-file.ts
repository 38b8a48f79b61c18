export { writeFileAtomic } from '../files/atomic-file.ts';
