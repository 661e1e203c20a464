import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2Server,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../../src/access/refusal.ts';
import type { HttpVersion } from '../../../../src/gateway/request/read-headers.ts';
import { type RawRequest, readRequest } from '../../../../src/gateway/request/read-request.ts';

let server: Server;
let http2Server: Http2Server;

/** 200 with what was read, or the refusal's status. Whatever arrives with 200 would have gone upstream. */
function answer(raw: RawRequest): { status: number; body: string } {
  const request = readRequest(raw);
  if (request instanceof Refusal) return { status: request.status, body: request.message };
  return {
    status: 200,
    body: `${request.method} ${request.target.path}${request.target.query} ${request.headers.host}`,
  };
}

const port = (of: { address(): unknown }): number => (of.address() as AddressInfo).port;

beforeAll(async () => {
  server = createServer({ maxHeaderSize: 48 * 1024 }, (req: IncomingMessage, res: ServerResponse) => {
    const { status, body } = answer({
      method: req.method ?? '',
      target: req.url ?? '',
      rawHeaders: req.rawHeaders,
      version: req.httpVersion as HttpVersion,
    });
    res.writeHead(status, { connection: 'close', 'content-length': Buffer.byteLength(body) }).end(body);
  });
  http2Server = createHttp2Server((req, res) => {
    const { status, body } = answer({
      method: req.method,
      target: req.url,
      rawHeaders: req.rawHeaders,
      version: '2.0',
    });
    res.writeHead(status).end(body);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  await new Promise<void>((done) => void http2Server.listen(0, '127.0.0.1', done));
});

afterAll(() => {
  server.close();
  http2Server.close();
});

/** Sends bytes as they are; everything that comes back. */
function send(text: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port(server), '127.0.0.1', () => socket.write(text, 'latin1'));
    let back = '';
    socket.setTimeout(3000, () => socket.destroy());
    socket.on('data', (data) => {
      back += data.toString('latin1');
    });
    socket.on('close', () => done(back));
    socket.on('error', fail);
  });
}

const get = (target: string, ...lines: string[]): string =>
  `GET ${target} HTTP/1.1\r\n${['Host: gw', ...lines].join('\r\n')}\r\n\r\n`;

describe('over HTTP/1', () => {
  test('a sound request is read as it was sent', async () => {
    expect(await send(get('/api/rest/v1/products/a%20b?&page=1:,+'))).toMatch(
      /^HTTP\/1\.1 200.*\r\n\r\nGET \/api\/rest\/v1\/products\/a%20b\?&page=1:,\+ gw$/s,
    );
  });

  test('//host/path goes to the upstream that is configured', async () => {
    expect(await send(get('//evil.example/x'))).toMatch(/GET \/evil\.example\/x gw$/);
  });

  test.each<[string, string]>([
    ['an absolute target', get('http://evil.example/x')],
    ['an absolute target with our own host', get('http://gw/x')],
    ['dots', get('/api/rest/v1/media-files/../products')],
    ['encoded dots', get('/x/%2e%2e/y')],
    ['a backslash', get('/x\\..\\y')],
    ['a byte above ASCII', get('/caf\xe9')],
    ['a fragment', get('/x#y')],
    ['two Host lines', get('/', 'Host: other')],
    ['two equal Host lines', get('/', 'Host: gw')],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['no Host in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
    ['two Authorization lines', get('/', 'Authorization: Bearer a', 'Authorization: Bearer b')],
    ['two Content-Type lines', get('/', 'Content-Type: a/b', 'content-type: c/d')],
    ['two lengths', get('/', 'Content-Length: 0', 'Content-Length: 1')],
    ['two equal lengths', get('/', 'Content-Length: 0', 'Content-Length: 0')],
    ['a length and chunks', `${get('/', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['chunks and a length', `${get('/', 'Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`],
    ['chunks twice', `${get('/', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['another encoding', get('/', 'Transfer-Encoding: identity')],
    ['an encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a space before a colon', get('/', 'Content-Length : 5')],
    ['a folded line', get('/', 'X-A: a', ' Host: b')],
    ['a line feed alone', 'GET / HTTP/1.1\nHost: gw\n\n'],
    ['Connection: Authorization', get('/', 'Connection: Authorization', 'Authorization: Bearer a')],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: gw/x\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['more than 16 KiB of headers', get('/', `X-A: ${'a'.repeat(17_000)}`)],
    ['more than 4 KiB of path', get(`/${'a'.repeat(5000)}`)],
    ['more than 16 KiB of query', get(`/?${'a'.repeat(17_000)}`)],
  ])('%s is 400', async (_, text) => {
    expect(await send(text)).toMatch(/^(?:HTTP\/1\.1 400|$)/);
  });

  test('CONNECT gets no tunnel', async () => {
    expect(await send('CONNECT pim:443 HTTP/1.1\r\nHost: pim:443\r\n\r\n')).not.toMatch(/^HTTP\/1\.1 200/);
  });

  test('TRACE is 405', async () => {
    expect(await send('TRACE / HTTP/1.1\r\nHost: gw\r\n\r\n')).toMatch(/^HTTP\/1\.1 405/);
  });
});

describe('over HTTP/2', () => {
  function ask(headers: OutgoingHttpHeaders): Promise<string> {
    return new Promise((done) => {
      const session = connectHttp2(`http://127.0.0.1:${port(http2Server)}`);
      session.on('error', () => done('refused'));
      const stream = session.request(headers);
      let back = '';
      stream.on('response', (reply) => {
        back += `${reply[':status']} `;
      });
      stream.on('data', (data) => {
        back += String(data);
      });
      stream.on('error', () => done('refused'));
      stream.on('close', () => {
        session.close();
        done(back);
      });
      stream.end();
    });
  }

  test('a sound request is read as it was sent', async () => {
    expect(await ask({ ':path': '/x?a=b', ':authority': 'gw:1' })).toBe('200 GET /x?a=b gw:1');
  });

  test.each<[string, OutgoingHttpHeaders]>([
    ['another Host', { ':path': '/', ':authority': 'gw', host: 'other' }],
    ['dots', { ':path': '/a/../b', ':authority': 'gw' }],
    ['an absolute target', { ':path': 'http://gw/x', ':authority': 'gw' }],
  ])('%s is refused', async (_, headers) => {
    expect(await ask(headers)).toMatch(/^(?:400|refused)/);
  });
});
