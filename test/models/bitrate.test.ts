import { expect, it } from 'vitest';
import { accountBitrate, formatBitrate, pondClaim } from '../../src-main/models/bitrate.ts';

it('is numbers x bits / seconds', () => {
  const account = accountBitrate({
    codeNumbers: 128,
    bitsPerCodeNumber: 8,
    seconds: 0.5,
    secondsMeaning: 'spoken',
  });
  expect(account.bitsPerClip).toBe(128 * 8 + 2 * 32);
  expect(account.bitsPerSecond).toBe(2 * (128 * 8 + 64));
  expect(formatBitrate(account)).toBe('(128 x 8 + 2 x 32) bits / 0.5 s spoken = 2.18 kb/s');
});

it('takes zero side numbers as a value', () => {
  const account = accountBitrate({
    codeNumbers: 10,
    bitsPerCodeNumber: 4,
    seconds: 1,
    secondsMeaning: 'padded',
    sideNumbers: 0,
  });
  expect(account.bitsPerSecond).toBe(40);
  expect(formatBitrate(account)).toBe('(10 x 4) bits / 1 s padded = 0.04 kb/s');
});

it('refuses a duration of nothing', () => {
  const clip = { codeNumbers: 1, bitsPerCodeNumber: 1, secondsMeaning: 'spoken' } as const;
  expect(() => accountBitrate({ ...clip, seconds: 0 })).toThrow(/0 seconds/);
  expect(() => accountBitrate({ ...clip, seconds: NaN })).toThrow(/NaN seconds/);
});

it("shows papers/001's stated rate beside what its numbers give", () => {
  const claim = pondClaim();
  expect(claim.account.bitsPerClip).toBe(130 * 32);
  expect(claim.account.kilobitsPerSecond).toBeCloseTo(5.62, 2);
  expect(claim.impliedBitsPerNumber).toBeCloseTo(5.18, 2);
  expect(claim.explanation).toContain('0.91 kb/s');
  expect(claim.explanation).toContain('5.62 kb/s');
});
