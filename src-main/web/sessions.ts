import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const hourMs = 3_600_000;

export interface SessionRules {
  /** How long an address that nobody opened stays good. */
  secretLifetimeMs: number;
  /** Addresses and sessions beyond these forget the one that was used least lately. */
  mostSecrets: number;
  mostSessions: number;
  /** Wrong tries within `windowMs` after which everyone waits. */
  mostWrongTries: number;
  windowMs: number;
}

const defaultRules: SessionRules = {
  secretLifetimeMs: hourMs,
  mostSecrets: 32,
  mostSessions: 128,
  mostWrongTries: 20,
  windowMs: 60_000,
};

/**
 * Who may talk to this host. An address carries a one-time secret; a page exchanges it for a session token, which it keeps
 * for as long as its tab lives. Only digests are kept, and they are compared in constant time.
 */
export class Sessions {
  readonly #rules: SessionRules;
  readonly #nowMs: () => number;
  #secrets: { digest: Buffer; untilMs: number }[] = [];
  /** The one used last is at the end. */
  #sessions: Buffer[] = [];
  #wrongTriesMs: number[] = [];

  constructor(rules: Partial<SessionRules> = {}, nowMs: () => number = () => performance.now()) {
    this.#rules = { ...defaultRules, ...rules };
    this.#nowMs = nowMs;
  }

  /** A new one-time secret of 256 bits, as base64url. */
  newSecret(): string {
    const secret = randomCredential();
    this.#forgetExpired();
    this.#secrets.push({ digest: digestOf(secret), untilMs: this.#nowMs() + this.#rules.secretLifetimeMs });
    this.#secrets = this.#secrets.slice(-this.#rules.mostSecrets);
    return secret;
  }

  /** A session token for a secret, which is used up by this; null for a wrong, used or expired one. */
  exchange(secret: string): string | null {
    this.#forgetExpired();
    const index = indexOf(
      this.#secrets.map(({ digest }) => digest),
      secret,
    );
    if (index === -1) {
      this.#wrongTriesMs.push(this.#nowMs());
      return null;
    }
    this.#secrets.splice(index, 1);
    const token = randomCredential();
    this.#sessions.push(digestOf(token));
    this.#sessions = this.#sessions.slice(-this.#rules.mostSessions);
    return token;
  }

  /** Whether the token is one that was given out. */
  accepts(token: string): boolean {
    const index = indexOf(this.#sessions, token);
    if (index === -1) {
      this.#wrongTriesMs.push(this.#nowMs());
      return false;
    }
    this.#sessions.push(...this.#sessions.splice(index, 1));
    return true;
  }

  /** Seconds until tries are looked at again; 0 while they are. */
  get waitSeconds(): number {
    const { mostWrongTries, windowMs } = this.#rules;
    const now = this.#nowMs();
    this.#wrongTriesMs = this.#wrongTriesMs.filter((at) => now - at < windowMs);
    // Enough of the oldest have to leave the window.
    const blocking = this.#wrongTriesMs.at(-mostWrongTries);
    return blocking === undefined ? 0 : Math.max(1, Math.ceil((blocking + windowMs - now) / 1000));
  }

  #forgetExpired(): void {
    const now = this.#nowMs();
    this.#secrets = this.#secrets.filter(({ untilMs }) => now < untilMs);
  }
}

const randomCredential = (): string => randomBytes(32).toString('base64url');
const digestOf = (credential: string): Buffer => createHash('sha256').update(credential).digest();

/** The place of a credential's digest; every one is compared, so that time tells nothing. */
function indexOf(digests: readonly Buffer[], credential: string): number {
  const wanted = digestOf(credential);
  return digests.reduce((found, digest, index) => (timingSafeEqual(digest, wanted) ? index : found), -1);
}
