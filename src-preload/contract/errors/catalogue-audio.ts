import type { ErrorText } from './catalogue.ts';

/** Texts for reading and writing audio files. */
export const audioErrors = {
  'audio/missing': {
    message: 'The file {file} does not exist, or is no longer there.',
    remedy:
      'Check the path; if the file was moved, put it back or read the dataset again with `datasets rescan`.',
  },
  'audio/unreadable': {
    message: 'The file {file} cannot be read: {detail}.',
    remedy: 'Give yourself permission to read it, and check that its disk is connected.',
  },
  'audio/not-a-file': {
    message: '{file} is {kind}, not an audio file.',
    remedy: 'Give the path of an audio file.',
  },
  'audio/empty': {
    message: 'The file {file} is empty (0 bytes).',
    remedy: 'Replace it with a complete copy.',
  },
  'audio/not-audio': {
    message: 'The file {file} is not audio that can be read: {detail}.',
    remedy: 'Give a WAV or FLAC file (or MP3, Ogg, AIFF, NIST SPHERE), or convert this one.',
  },
  'audio/no-samples': {
    message: 'The file {file} holds no samples: its length is zero.',
    remedy: 'Record or export it again.',
  },
  'audio/truncated': {
    message:
      'The file {file} is cut short: it holds {heldSec} s of the {announcedSec} s that its header announces.',
    remedy: 'Copy or download it again.',
  },
  'audio/damaged': {
    message: 'The file {file} is damaged after {heldSec} s: {detail}.',
    remedy: 'Copy or download it again, or export it again from its source.',
  },
  'audio/not-finite': {
    message:
      'The file {file} holds {count} samples that are not numbers (NaN or infinite), the first at {atSec} s.',
    remedy: 'Export it again from its source: a filter or an effect in between has overflowed.',
  },
  'audio/rate-out-of-range': {
    message:
      'The file {file} announces a sample rate of {sampleRateHz} Hz; {lowestHz} to {highestHz} Hz can be read.',
    remedy: 'Correct the header, or convert the file to a usual rate such as 16000 Hz.',
  },
  'audio/too-long': {
    message: 'The file {file} is too long to be read at once: {durationSec} s in {channels} channel(s).',
    remedy: 'Cut it into shorter recordings.',
  },
  'audio/decoder-missing': {
    message: 'The file {file} needs the FFmpeg decoder, which could not be loaded: {detail}.',
    remedy: 'Run `npm ci --ignore-scripts` in the project once more, or convert the file to 16-bit WAV.',
  },
  'audio/no-such-channel': {
    message: 'The file {file} has {channels} channel(s): there is no channel {channel} (the first is 0).',
    remedy: 'Choose another channel, or the mix of all.',
  },
  'audio/stretch-outside': {
    message: 'There is nothing from {startSec} s on in {file}: it is {durationSec} s long.',
    remedy: 'Correct the start and end of this recording in its list, then run `datasets rescan`.',
  },
  'audio/stretch-cut': {
    message: 'The stretch up to {endSec} s of {file} ends with the file, at {durationSec} s.',
    remedy: 'Correct the end of this recording in its list, then run `datasets rescan`.',
  },
  'audio/sphere-header': {
    message: 'The SPHERE header of {file} cannot be right: {detail}.',
    remedy: 'Copy the file again from the disc, or write its header anew.',
  },
  'audio/sphere-coding': {
    message: 'The SPHERE file {file} is coded as "{coding}", which cannot be decoded.',
    remedy: 'Convert it to PCM with sph2pipe or w_decode (`sph2pipe -f wav`), then run `datasets rescan`.',
  },
  'audio/sphere-byte-order': {
    message:
      'The SPHERE header of {file} names the wrong byte order: its checksum holds for the other one, and read as it says the samples are noise.',
    remedy: 'Correct sample_byte_format in its header, or copy the file again from the disc.',
  },
  'audio/wav-length': {
    message:
      'The header of {file} announces {announced} bytes of samples; {unused} more lie behind them, which are not used.',
    remedy: 'Nothing has to be done if the recording sounds whole; else export it again from its source.',
  },
  'audio/sphere-count': {
    message:
      'The file {file} holds {extra} samples more than the {announced} that its header announces; they are not used.',
    remedy: 'Nothing has to be done if the recording sounds whole; else copy it again from the disc.',
  },
  'audio/sphere-checksum': {
    message:
      'The samples of {file} add up to {found}; its header says {announced}: some of them were changed.',
    remedy: 'Copy the file again from the disc, or exclude the recording.',
  },
  'audio/no-sound': {
    message: 'The file {file} was not written: {detail}.',
    remedy:
      'This sound was computed, and its computation overflowed: try another checkpoint or another method.',
  },
} as const satisfies Record<string, ErrorText>;
