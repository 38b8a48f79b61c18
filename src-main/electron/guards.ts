import type { App, Session, WebContents } from 'electron';
import { isPageAddress, pageScheme } from './app-page.ts';

/** What a page may ask the system for: putting a command on the clipboard, and the microphone (`isMicrophone`). */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);
/** What it may load; Resynth is offline, so nothing with a host. */
const allowedSchemes: ReadonlySet<string> = new Set([`${pageScheme}:`, 'blob:', 'data:', 'devtools:']);

/** Takes from every page of a session what it is not meant to have: the network, devices, permissions. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) =>
    answer(
      isPageAddress(contents.getURL()) &&
        (allowedPermissions.has(permission) || isMicrophone(permission, details)),
    ),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      isPageAddress(origin) && (allowedPermissions.has(permission) || isMicrophone(permission, details)),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.webRequest.onBeforeRequest((details, answer) => {
    const scheme = URL.canParse(details.url) ? new URL(details.url).protocol : '';
    answer({ cancel: !allowedSchemes.has(scheme) });
  });
  session.on('will-download', (event, item) => {
    // What the page made itself may be saved; Electron asks where.
    if (!item.getURL().startsWith('blob:')) event.preventDefault();
  });
}

/** Sound alone, and asked for by the page itself: a camera is refused with or without a microphone, and so is a frame. */
function isMicrophone(
  permission: string,
  details: { mediaTypes?: readonly string[]; mediaType?: string; isMainFrame?: boolean } | undefined,
): boolean {
  if (permission !== 'media' || details?.isMainFrame !== true) return false;
  // A request names what it is for; a check names one kind.
  const wanted = details.mediaTypes ?? (details.mediaType === undefined ? [] : [details.mediaType]);
  return wanted.length > 0 && wanted.every((kind) => kind === 'audio');
}

/** Keeps a window on the page: it goes nowhere else, opens nothing, and embeds nothing. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!isPageAddress(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** The same for whatever is ever opened. */
export function guardApp(app: App): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}
