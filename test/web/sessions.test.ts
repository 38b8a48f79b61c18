import { describe, expect, test } from 'vitest';
import { Sessions } from '../../src-main/web/sessions.ts';

/** Sessions whose clock is ours. */
function atOurTime(rules = {}) {
  const clock = { ms: 1000 };
  return { clock, sessions: new Sessions(rules, () => clock.ms) };
}

describe('a one-time secret', () => {
  test('is exchanged for a token that is good from then on', () => {
    const { sessions } = atOurTime();
    const token = sessions.exchange(sessions.newSecret());
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(sessions.accepts(String(token))).toBe(true);
    expect(sessions.accepts(String(token))).toBe(true);
  });

  test('works once', () => {
    const { sessions } = atOurTime();
    const secret = sessions.newSecret();
    expect(sessions.exchange(secret)).not.toBeNull();
    expect(sessions.exchange(secret)).toBeNull();
  });

  test('expires', () => {
    const { clock, sessions } = atOurTime({ secretLifetimeMs: 100 });
    const early = sessions.newSecret();
    const late = sessions.newSecret();
    clock.ms += 99;
    expect(sessions.exchange(early)).not.toBeNull();
    clock.ms += 1;
    expect(sessions.exchange(late)).toBeNull();
  });

  test('is no token, and a token no secret', () => {
    const { sessions } = atOurTime();
    const secret = sessions.newSecret();
    expect(sessions.accepts(secret)).toBe(false);
    const token = String(sessions.exchange(secret));
    expect(sessions.exchange(token)).toBeNull();
  });

  test('gives each tab a token of its own', () => {
    const { sessions } = atOurTime();
    const tokens = [1, 2, 3].map(() => sessions.exchange(sessions.newSecret()));
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) expect(sessions.accepts(String(token))).toBe(true);
  });
});

test('old addresses and sessions make room, those in use last', () => {
  const { sessions } = atOurTime({ mostSecrets: 2, mostSessions: 2 });
  const [oldest, middle, newest] = [1, 2, 3].map(() => sessions.newSecret());
  expect(sessions.exchange(String(oldest))).toBeNull();
  const first = String(sessions.exchange(String(middle)));
  const second = String(sessions.exchange(String(newest)));
  expect(sessions.accepts(first)).toBe(true);
  const third = String(sessions.exchange(sessions.newSecret()));
  expect(sessions.accepts(second)).toBe(false);
  expect(sessions.accepts(first)).toBe(true);
  expect(sessions.accepts(third)).toBe(true);
});

describe('wrong tries', () => {
  test('are let through up to the limit, then everyone waits until the window has moved on', () => {
    const { clock, sessions } = atOurTime({ mostWrongTries: 3, windowMs: 1000 });
    for (let index = 0; index < 3; index++) {
      expect(sessions.waitSeconds).toBe(0);
      expect(sessions.exchange('wrong')).toBeNull();
      clock.ms += 100;
    }
    expect(sessions.waitSeconds).toBe(1);
    clock.ms += 700;
    expect(sessions.waitSeconds).toBe(0);
  });

  test('of tokens count as well, right ones never', () => {
    const { sessions } = atOurTime({ mostWrongTries: 2 });
    const token = String(sessions.exchange(sessions.newSecret()));
    for (let index = 0; index < 10; index++) expect(sessions.accepts(token)).toBe(true);
    expect(sessions.waitSeconds).toBe(0);
    sessions.accepts('wrong');
    sessions.accepts('');
    expect(sessions.waitSeconds).toBeGreaterThan(0);
  });
});
