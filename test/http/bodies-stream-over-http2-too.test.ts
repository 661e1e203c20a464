import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { findRest } from './find-rest.ts';
import { openHttp2Session } from './open-http2-session.ts';
import { dataFrame, headersFrame, resetFrame, sendRawHttp2 } from './send-raw-http2.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';
import { writeAsTaken } from './write-as-taken.ts';

const products = '/api/rest/v1/products';
const soon = { within: 20_000 };

function send(session: ClientHttp2Session, method: string): ClientHttp2Stream {
  const stream = session.request(
    { ':method': method, ':path': products, authorization: 'Bearer erp', 'content-type': 'application/json' },
    { endStream: method === 'GET' },
  );
  stream.on('error', () => undefined);
  return stream;
}

/** Bytes that came, and the code that the stream ended with. */
async function drain(
  stream: ClientHttp2Stream,
): Promise<{ readonly bytes: number; readonly code: number | undefined }> {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await new Promise((resolve) => stream.once('close', resolve));
  return { bytes, code: stream.rstCode };
}

test('a large upload and a large download arrive whole, side by side on one connection', async () => {
  const size = 20_000_000;
  const upstream = await startUpstream((request, response) => {
    let taken = 0;
    request.on('data', (chunk: Buffer) => {
      taken += chunk.length;
    });
    request.on('end', () => {
      response.setHeader('x-taken', taken);
      response.end(request.method === 'GET' ? Buffer.alloc(size) : '');
    });
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const session = openHttp2Session(origin);
  const [download, upload] = [send(session, 'GET'), send(session, 'POST')];
  const taken = new Promise((resolve) => upload.once('response', (headers) => resolve(headers['x-taken'])));
  // As one buffer it would be more than Node's client holds for a session.
  Readable.from(Array.from({ length: size / 50_000 }, () => Buffer.alloc(50_000))).pipe(upload);
  expect(await drain(download)).toEqual({ bytes: size, code: constants.NGHTTP2_NO_ERROR });
  expect(await taken).toBe(String(size));
});

test('a client that does not read holds the upstream back, and other calls on its connection go on', async () => {
  let written = 0;
  const upstream = await startUpstream((request, response) => {
    if (request.url?.endsWith('quick')) {
      response.end('quick');
      return;
    }
    writeAsTaken(response, 100_000_000, (length) => {
      written += length;
    });
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const session = openHttp2Session(origin);
  const slow = send(session, 'GET').pause();
  expect(await findRest(() => written)).toBeLessThan(50_000_000);
  const quick = session.request({ ':path': `${products}/quick`, authorization: 'Bearer erp' });
  expect((await drain(quick)).bytes).toBe(5);
  slow.resume();
  const { bytes } = await drain(slow);
  expect(bytes).toBe(written);
});

test('an upstream that does not read one upload holds up no other on the same connection', async () => {
  const upstream = await startUpstream((request, response) => {
    if (request.url === products) request.pause();
    else request.resume().once('end', () => response.end('taken'));
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const session = openHttp2Session(origin);
  const stuck = send(session, 'POST');
  Readable.from(Array.from({ length: 400 }, () => Buffer.alloc(50_000))).pipe(stuck);
  let before = -1;
  await eventually(async () => {
    before = stuck.writableLength;
    await sleep(300);
    expect([stuck.writableNeedDrain, stuck.writableLength]).toEqual([true, before]);
  }, soon);
  const other = session.request({
    ':method': 'POST',
    ':path': `${products}?other`,
    authorization: 'Bearer erp',
    'content-type': 'application/json',
  });
  other.end(Buffer.alloc(200_000));
  expect(await drain(other)).toEqual({ bytes: 5, code: constants.NGHTTP2_NO_ERROR });
});

test('a client that cancels ends the call to the upstream, before the answer and in it', async () => {
  const upstream = await startUpstream((request, response) => {
    if (request.url === `${products}?answer`) response.write('start');
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const session = openHttp2Session(origin);
  const waiting = send(session, 'GET');
  const reading = session.request({ ':path': `${products}?answer`, authorization: 'Bearer erp' });
  reading.on('error', () => undefined);
  await new Promise((resolve) => reading.once('data', resolve));
  await eventually(() => expect(upstream.requests).toHaveLength(2), soon);
  for (const stream of [waiting, reading]) stream.close(constants.NGHTTP2_CANCEL);
  await eventually(() => expect(upstream.sockets.size).toBe(0), soon);
  expect((await drain(session.request({ ':path': '/oauth/z' }))).bytes).toBeGreaterThan(0);
});

// By frames of its own: Node's client ends a body before it resets a stream.
test.each([
  ['CANCEL', constants.NGHTTP2_CANCEL],
  ['NO_ERROR', constants.NGHTTP2_NO_ERROR],
])('an upload that is reset (%s) never becomes a whole request', async (_name, code) => {
  const upstream = await startUpstream((request) => void request.resume());
  const { port } = await startTestGateway({ upstream: upstream.origin });
  const head = headersFrame(
    [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', products],
      [':authority', 'a'],
      ['authorization', 'Bearer erp'],
      ['content-type', 'application/vnd.akeneo.collection+json'],
    ],
    false,
  );
  const done = sendRawHttp2(port, [head, dataFrame('{"identifier":"a"}\n', false), resetFrame(code)], () =>
    upstream.requests.some(({ destroyed }) => destroyed),
  );
  await done;
  await eventually(() => expect(upstream.requests[0]?.destroyed).toBe(true), soon);
  expect(upstream.requests.map(({ complete }) => complete)).toEqual([false]);
});

test('an answer that breaks off upstream is no whole one here either, and the connection goes on', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.write('start');
    setTimeout(() => response.destroy(), 50);
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const session = openHttp2Session(origin);
  expect((await drain(send(session, 'GET'))).code).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect((await drain(session.request({ ':path': '/oauth/z' }))).code).toBe(constants.NGHTTP2_NO_ERROR);
});
