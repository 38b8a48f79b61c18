import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { contractPath } from '../../src-preload/bridge/sign-in.ts';
import { PageFiles } from '../../src-main/web/page-files.ts';
import { Sessions } from '../../src-main/web/sessions.ts';
import { type WebHost, openWebHost } from '../../src-main/web/web-host.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let host: WebHost;
let page: PageFiles;
let channels: Channel[];
let clock: { ms: number };

beforeEach(async () => {
  const folder = await temporaryFolder();
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
  page = new PageFiles(folder);
  channels = [];
  clock = { ms: 0 };
  host = await open();
});

afterEach(() => host.close());

function open(): Promise<WebHost> {
  return openWebHost({
    page,
    port: 0,
    exactPort: false,
    onChannel: (channel) => void channels.push(channel),
    sessions: new Sessions({ mostWrongTries: 3 }, () => clock.ms),
    signInLimits: { patienceMs: 150, mostBytes: 4096 },
  });
}

const ownHost = (): string => `127.0.0.1:${host.port}`;
const secretOf = (address: string): string => String(new URL(address).hash.split('secret=')[1]);

function ask(options: {
  method?: string;
  path?: string;
  headers?: OutgoingHttpHeaders;
}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: host.port,
        agent: false,
        ...options,
        headers: { host: ownHost(), ...options.headers },
      },
      (response) => {
        response.resume();
        resolve(response);
      },
    );
    request.once('error', reject);
    request.end();
  });
}

interface Line {
  socket: WebSocket;
  messages: string[];
  closed: Promise<{ code: number; reason: string }>;
}

/** A WebSocket with the headers of our own page unless others are given; rejects with the status it was refused with. */
function dial(headers: Record<string, string> = {}, where = contractPath): Promise<Line> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${where}`, {
    headers: { host: ownHost(), origin: `http://${ownHost()}`, ...headers },
  });
  const messages: string[] = [];
  socket.on('message', (data) => messages.push(String(data)));
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`refused with ${response.statusCode}`));
      socket.terminate();
    });
    socket.once('error', reject);
    socket.once('open', () => resolve({ socket, messages, closed }));
  });
}

/** What the host answers to a first message: the answer, and how the socket was closed where it was. */
async function firstWords(words: string | Buffer): Promise<{ line: Line; answer: unknown }> {
  const line = await dial();
  line.socket.send(words);
  await Promise.race([once(line.socket, 'message'), line.closed]);
  const [answer] = line.messages;
  return { line, answer: answer === undefined ? undefined : (JSON.parse(answer) as unknown) };
}

async function signedIn(): Promise<{ line: Line; token: string }> {
  const { line, answer } = await firstWords(JSON.stringify({ secret: secretOf(host.newAddress()) }));
  return { line, token: (answer as { token: string }).token };
}

describe('the page', () => {
  test.each(['127.0.0.1', 'localhost:9999', '[::1]:80'])('is served under the name %s', async (name) => {
    const response = await ask({ headers: { host: name } });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-security-policy']).toContain(`connect-src 'self' ws://${name};`);
  });

  test.each(['evil.example', `evil.example:47100`, '192.168.0.7:47100', 'localhost.evil.example'])(
    'is not served under the name %s',
    async (name) => {
      const response = await ask({ headers: { host: name } });
      expect(response.statusCode).toBe(403);
      expect(response.headers['x-content-type-options']).toBe('nosniff');
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('refuses %s', async (method) => {
    const response = await ask({ method });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe('GET, HEAD');
  });

  test('answers HEAD without a body, and knows what is not there', async () => {
    const head = await ask({ method: 'HEAD', path: '/index.html?x=1' });
    expect(head.statusCode).toBe(200);
    expect(head.headers['content-length']).toBe('15');
    expect((await ask({ path: '/nothing.js' })).statusCode).toBe(404);
    expect((await ask({ path: '/%2e%2e/%2e%2e/etc/passwd' })).statusCode).toBe(404);
  });

  test('no page of another origin may read it', async () => {
    const response = await ask({ headers: { origin: 'http://evil.example' } });
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
    expect(response.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(response.headers['x-frame-options']).toBe('DENY');
  });

  test('is reached on 127.0.0.1 alone', async () => {
    const other = connect({ host: '127.0.0.2', port: host.port });
    const outcome = await Promise.race([
      once(other, 'error').then(() => 'refused'),
      once(other, 'connect').then(() => 'connected'),
    ]);
    other.destroy();
    expect(outcome).toBe('refused');
  });
});

describe('a WebSocket is refused before it begins', () => {
  test.each([
    ['a foreign Host', { host: 'evil.example' }, 403],
    ['a foreign Host that is its own Origin', { host: 'evil.example', origin: 'http://evil.example' }, 403],
    ['a foreign Origin', { origin: 'http://evil.example' }, 403],
    ['the Origin null', { origin: 'null' }, 403],
    ['an Origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['an Origin of another scheme', { origin: 'https://127.0.0.1' }, 403],
    ['another loopback name as Origin', { origin: 'http://localhost' }, 403],
  ])('with %s', async (_what, headers, status) => {
    await expect(dial(headers)).rejects.toThrow(`refused with ${status}`);
    expect(channels).toHaveLength(0);
  });

  test('without an Origin', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${contractPath}`);
    const [, response] = (await once(
      socket.on('error', () => undefined),
      'unexpected-response',
    )) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(403);
    socket.terminate();
  });

  test.each(['/', '/contract/', '/contract?x=1', '/contracts'])('at %s', async (where) => {
    await expect(dial({}, where)).rejects.toThrow('refused with 404');
  });

  test('but not through a tunnel, whatever its port', async () => {
    const line = await dial({ host: 'localhost:8080', origin: 'http://localhost:8080' });
    expect(line.socket.readyState).toBe(WebSocket.OPEN);
    line.socket.terminate();
  });
});

describe('signing in', () => {
  test('exchanges the secret of an address for a token, and frames go both ways', async () => {
    const { line } = await signedIn();
    expect(channels).toHaveLength(1);
    expect(host.pages).toBe(1);
    const [channel] = channels;
    const arrived = new Promise<Uint8Array>((resolve) => channel?.onFrame(resolve));
    line.socket.send(Buffer.from([1, 2, 3]));
    expect([...(await arrived)]).toEqual([1, 2, 3]);
    channel?.send(new Uint8Array([4, 5]));
    const [data] = (await once(line.socket, 'message')) as [Buffer];
    expect([...data]).toEqual([4, 5]);
    line.socket.close();
    await new Promise((resolve) => channel?.onClose(() => resolve(undefined)));
    expect(host.pages).toBe(0);
  });

  test('with the token comes back after the line was lost; the secret is used up', async () => {
    const address = host.newAddress();
    const first = await firstWords(JSON.stringify({ secret: secretOf(address) }));
    const { token } = first.answer as { token: string };
    first.line.socket.terminate();
    const again = await firstWords(JSON.stringify({ token }));
    expect(again.answer).toEqual({ kind: 'accepted', token });
    expect(channels).toHaveLength(2);
    const thief = await firstWords(JSON.stringify({ secret: secretOf(address) }));
    expect(thief.answer).toEqual({ kind: 'refused' });
  });

  test('works for a second tab with an address of its own', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    expect(first.token).not.toBe(second.token);
    expect(host.pages).toBe(2);
  });

  test.each([
    ['a wrong secret', JSON.stringify({ secret: 'x'.repeat(43) })],
    ['a wrong token', JSON.stringify({ token: 'x'.repeat(43) })],
    ['an empty secret', JSON.stringify({ secret: '' })],
    ['a secret that is no text', JSON.stringify({ secret: 7 })],
    ['more than was asked for', JSON.stringify({ secret: 'x', admin: true })],
    ['nothing', '{}'],
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['a frame of the contract', Buffer.from([1, 2, 3])],
  ])('is refused with %s', async (_what, words) => {
    const { line, answer } = await firstWords(words);
    expect(answer).toEqual({ kind: 'refused' });
    expect(await line.closed).toMatchObject({ code: 4401 });
    expect(channels).toHaveLength(0);
  });

  test('has to happen soon', async () => {
    const line = await dial();
    expect(await line.closed).toMatchObject({ code: 4408 });
    expect(channels).toHaveLength(0);
  });

  test('ends where more comes than a sign-in needs, before it is all here', async () => {
    const line = await dial();
    line.socket.send('x'.repeat(1_000_000));
    expect(await line.closed).toMatchObject({ code: 1006 });
    expect(channels).toHaveLength(0);
  });

  test('waits after too many wrong tries, right ones included, and goes on afterwards', async () => {
    const secret = secretOf(host.newAddress());
    for (let index = 0; index < 3; index++) await firstWords(JSON.stringify({ token: 'wrong' }));
    const blocked = await firstWords(JSON.stringify({ secret }));
    expect(blocked.answer).toEqual({ kind: 'wait', seconds: 60 });
    expect(await blocked.line.closed).toMatchObject({ code: 4429 });
    clock.ms += 60_000;
    expect((await firstWords(JSON.stringify({ secret }))).answer).toMatchObject({ kind: 'accepted' });
  });

  test('is open to a limited number at once', async () => {
    const lines = await Promise.all(Array.from({ length: 32 }, () => dial()));
    await expect(dial()).rejects.toThrow('refused with 503');
    for (const line of lines) line.socket.terminate();
  });
});

describe('the port', () => {
  test('is the next one where the wished one is taken', async () => {
    const next = await openWebHost({ page, port: host.port, exactPort: false, onChannel: () => undefined });
    expect(next.port).toBeGreaterThan(host.port);
    await next.close();
  });

  test('is refused where it has to be that one', async () => {
    await expect(
      openWebHost({ page, port: host.port, exactPort: true, onChannel: () => undefined }),
    ).rejects.toMatchObject({ code: 'web/port-taken', params: { port: host.port } });
  });
});

test('closing tells the pages and ends within a second', async () => {
  const { line } = await signedIn();
  const begun = performance.now();
  await host.close();
  expect(await line.closed).toMatchObject({ code: 1001 });
  expect(performance.now() - begun).toBeLessThan(1000);
  host = await open();
});
