/**
 * Bitrate accounted openly: numbers x bits / seconds, each of them named. papers/001 states 0.91 kb/s for 128 latent
 * numbers and the clip's two extremes over 0.74 s, which is 5.6 kb/s at its 32 bits a number (`pondClaim`).
 */

/** Which seconds a bitrate divides by: the clip as the model sees it, or the speech inside before padding. */
export type SecondsMeaning = 'padded' | 'spoken';

export interface BitrateAccount {
  codeNumbers: number;
  bitsPerCodeNumber: number;
  /** Numbers beside the code that the receiver needs: the clip's minimum and maximum in dB. */
  sideNumbers: number;
  bitsPerSideNumber: number;
  bitsPerClip: number;
  seconds: number;
  secondsMeaning: SecondsMeaning;
  bitsPerSecond: number;
  /** 1 kb/s is 1000 bits a second. */
  kilobitsPerSecond: number;
}

/** The account of one clip. `seconds` must be above 0; side numbers are two floats unless told otherwise. */
export function accountBitrate(clip: {
  codeNumbers: number;
  bitsPerCodeNumber: number;
  seconds: number;
  secondsMeaning: SecondsMeaning;
  sideNumbers?: number;
  bitsPerSideNumber?: number;
}): BitrateAccount {
  const { codeNumbers, bitsPerCodeNumber, seconds, secondsMeaning } = clip;
  if (!(seconds > 0)) throw new RangeError(`A bitrate over ${seconds} seconds is not defined.`);
  const sideNumbers = clip.sideNumbers ?? 2;
  const bitsPerSideNumber = clip.bitsPerSideNumber ?? 32;
  const bitsPerClip = codeNumbers * bitsPerCodeNumber + sideNumbers * bitsPerSideNumber;
  const bitsPerSecond = bitsPerClip / seconds;
  return {
    codeNumbers,
    bitsPerCodeNumber,
    sideNumbers,
    bitsPerSideNumber,
    bitsPerClip,
    seconds,
    secondsMeaning,
    bitsPerSecond,
    kilobitsPerSecond: bitsPerSecond / 1000,
  };
}

/** The account in one line: '(128 x 32 + 2 x 32) bits / 0.74 s padded = 5.62 kb/s'. */
export function formatBitrate(account: BitrateAccount): string {
  const code = `${account.codeNumbers} x ${account.bitsPerCodeNumber}`;
  const side = account.sideNumbers > 0 ? ` + ${account.sideNumbers} x ${account.bitsPerSideNumber}` : '';
  const rate = account.kilobitsPerSecond.toFixed(2);
  return `(${code}${side}) bits / ${Number(account.seconds.toFixed(3))} s ${account.secondsMeaning} = ${rate} kb/s`;
}

/** A bitrate that a paper states, beside what its own numbers give. */
export interface BitrateClaim {
  document: string;
  statedKilobitsPerSecond: number;
  account: BitrateAccount;
  /** Bits a number that the stated rate would need over the same seconds. */
  impliedBitsPerNumber: number;
  explanation: string;
}

/** What papers/001 states (abstract and section 3) against its own 130 numbers over its 0.74 s clips. */
export function pondClaim(): BitrateClaim {
  const statedKilobitsPerSecond = 0.91;
  const account = accountBitrate({
    codeNumbers: 128,
    bitsPerCodeNumber: 32,
    seconds: 0.74,
    secondsMeaning: 'padded',
  });
  const numbers = account.codeNumbers + account.sideNumbers;
  const impliedBitsPerNumber = (statedKilobitsPerSecond * 1000 * account.seconds) / numbers;
  const kilobytes = account.kilobitsPerSecond / 8;
  return {
    document: '001',
    statedKilobitsPerSecond,
    account,
    impliedBitsPerNumber,
    explanation:
      `papers/001 states ${statedKilobitsPerSecond} kb/s. Its code is 128 latent numbers and 2 extremes: as floats ` +
      `${formatBitrate(account)}. The stated rate would need ${impliedBitsPerNumber.toFixed(1)} bits a number, and the ` +
      `paper quantises nothing; read as kilobytes it is not met either (${kilobytes.toFixed(2)} kB/s).`,
  };
}
