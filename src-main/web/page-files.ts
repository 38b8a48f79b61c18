import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { commonHeaders, contentSecurityPolicy, noncePlaceholder } from './page-security.ts';

export interface PageAnswer {
  status: 200 | 304 | 404;
  headers: Record<string, string>;
  body: Buffer;
}

/** What of a request decides the answer. */
export interface PageRequest {
  /** The URL's path, still percent-encoded, without query. */
  path: string;
  /** If-None-Match. */
  knownTag?: string | undefined;
  acceptsGzip?: boolean;
  /** See contentSecurityPolicy. */
  connectSource?: string;
}

interface PageFile {
  bytes: Buffer;
  zipped: Buffer | null;
  type: string;
  tag: string;
  /** The name has a hash of the content in it: what is under this name never changes. */
  lasting: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const textTypes = /^(text|application\/(json|wasm|manifest)|image\/svg)/;

/**
 * The built page, held in memory from the start: a build that happens meanwhile cannot mix two versions, and no request
 * can name a file that is not part of it.
 */
export class PageFiles {
  readonly #files = new Map<string, PageFile>();

  /** @throws ResynthError web/page-not-built. */
  constructor(folder: string) {
    for (const name of filesBelow(folder)) {
      const type = types[path.extname(name)];
      if (type === undefined) continue;
      const bytes = readFileSync(path.join(folder, name));
      this.#files.set(`/${name.split(path.sep).join('/')}`, {
        bytes,
        zipped: null,
        type,
        tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
        lasting: /^assets[\\/].*-[\w-]{8,}\.\w+$/.test(name),
      });
    }
    if (!this.#files.has('/index.html')) throw new ResynthError('web/page-not-built', { folder });
  }

  /** The answer to a GET or HEAD of a path of the page. */
  answer(request: PageRequest): PageAnswer {
    const name = request.path === '/' ? '/index.html' : request.path;
    const file = this.#files.get(name);
    if (!file) {
      const headers = {
        ...commonHeaders,
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-store',
      };
      return { status: 404, headers, body: Buffer.from('There is nothing here.\n') };
    }
    const headers: Record<string, string> = { ...commonHeaders, 'Content-Type': file.type };
    if (name.endsWith('.html')) {
      // Each answer has a nonce of its own, so none may be kept.
      const nonce = randomBytes(16).toString('base64');
      headers['Content-Security-Policy'] = contentSecurityPolicy(nonce, request.connectSource);
      headers['Cache-Control'] = 'no-store';
      const body = Buffer.from(file.bytes.toString('utf8').replaceAll(noncePlaceholder, nonce));
      return { status: 200, headers, body };
    }
    headers['Content-Security-Policy'] = `default-src 'none'; frame-ancestors 'none'`;
    headers['Cache-Control'] = file.lasting ? 'private, max-age=31536000, immutable' : 'private, no-cache';
    headers.ETag = file.tag;
    if (request.knownTag?.split(/\s*,\s*/).includes(file.tag)) {
      return { status: 304, headers, body: Buffer.alloc(0) };
    }
    if (!request.acceptsGzip || !textTypes.test(file.type)) return { status: 200, headers, body: file.bytes };
    headers['Content-Encoding'] = 'gzip';
    headers.Vary = 'Accept-Encoding';
    file.zipped ??= gzipSync(file.bytes);
    return { status: 200, headers, body: file.zipped };
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  } catch (error) {
    throw new ResynthError('web/page-not-built', { folder }, { cause: error });
  }
}
