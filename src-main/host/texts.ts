/** Reports as text that their own areas lay out: light to load, and the way for the command line to reach them. */
export { renderDoctor } from '../engine/doctor-text.ts';
