const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/i;

/**
 * Whether a Host header names this very machine, with any port: `ssh -L 8080:127.0.0.1:47100` makes it localhost:8080. A
 * name that a stranger's DNS points at 127.0.0.1 is not one of these.
 */
export function isLoopbackHost(host: string | undefined): host is string {
  const match = loopbackHost.exec(host ?? '');
  if (!match) return false;
  return match[1] === undefined || (Number(match[1]) > 0 && Number(match[1]) <= 65_535);
}

/** Whether a page that we served ourselves opened this WebSocket: its Origin is the Host that it asked. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return isLoopbackHost(host) && origin?.toLowerCase() === `http://${host.toLowerCase().replace(/:80$/, '')}`;
}
