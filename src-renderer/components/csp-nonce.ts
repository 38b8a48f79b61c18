/** What marks a style element as ours for the content security policy; undefined where there is none (a test, a port). */
export function cspNonce(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]');
  return meta?.nonce || undefined;
}
