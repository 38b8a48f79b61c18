import type { Protocol } from 'electron';
import type { PageFiles } from '../web/page-files.ts';

/** The page's own scheme and origin: not file:, which could read the disk and has no origin. */
export const pageScheme = 'app';
export const pageOrigin = 'app://resynth';
export const pageAddress = `${pageOrigin}/index.html`;

/** What the scheme may do; has to be said before Electron is ready. */
export const pagePrivileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };

/** Whether an address is of the page itself. */
export function isPageAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}` === pageOrigin;
}

/** Serves the built page under its scheme, with the same headers and policy as the web host does. */
export function servePage(protocol: Pick<Protocol, 'handle'>, page: PageFiles): void {
  protocol.handle(pageScheme, (request) => {
    if (!isPageAddress(request.url) || (request.method !== 'GET' && request.method !== 'HEAD')) {
      return new Response('Forbidden', { status: 403 });
    }
    const { status, headers, body } = page.answer({
      path: new URL(request.url).pathname,
      knownTag: request.headers.get('if-none-match') ?? undefined,
    });
    const content = status === 304 || request.method === 'HEAD' ? null : new Uint8Array(body);
    return new Response(content, { status, headers });
  });
}
