/** Stands in the built page where each answer's own nonce goes; the name is shared with vite.config.ts. */
export const noncePlaceholder = 'RESYNTH_STYLE_NONCE';

/**
 * What the page may load: its own scripts, its own styles and those that its own scripts mark with the nonce (the players
 * and menus bring style elements), sounds and images that it made itself, and one connection. No inline script, no eval.
 *
 * @param connectSource where the page may connect to besides its own origin.
 */
export function contentSecurityPolicy(nonce: string, connectSource = ''): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    // Attributes only place and size things; a style element could read the page.
    `style-src-attr 'unsafe-inline'`,
    `connect-src 'self' ${connectSource}`.trim(),
    `img-src 'self' blob: data:`,
    `font-src 'self'`,
    `media-src blob:`,
    `worker-src 'self' blob:`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

/** Headers of every answer, whatever it is. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  // The microphone for the page itself, which asks the user; nothing that it might embed.
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(self), usb=(), serial=(), payment=()',
};
