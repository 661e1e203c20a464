import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { findRest } from './find-rest.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { startRawUpstream, startUpstream } from './start-upstream.ts';
import { writeAsTaken } from './write-as-taken.ts';

const products = '/api/rest/v1/products';
const headers = { authorization: 'Bearer erp', 'content-type': 'application/json' };

interface Sent {
  readonly request: ReturnType<typeof httpRequest>;
  readonly answer: Promise<IncomingMessage>;
  /** Settles when the answer has ended or was cut. */
  readonly ended: Promise<'whole' | 'cut'>;
}

function send(origin: string, method: string): Sent {
  const request = httpRequest(origin + products, { method, headers, agent: false });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  answer.catch(() => undefined);
  const ended = answer.then(
    (message) =>
      new Promise<'whole' | 'cut'>((resolve) => {
        message.once('close', () => resolve(message.complete ? 'whole' : 'cut'));
      }),
    () => 'cut' as const,
  );
  return { request, answer, ended };
}

test('the upstream sees the start of a body before its end was sent, and the client the start of the answer', async () => {
  const upstream = await startUpstream((request, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.akeneo.collection+json' });
    request.on('data', (chunk: Buffer) => void response.write(`got ${chunk.toString()}`));
    request.on('end', () => response.end(' end'));
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const { request, answer, ended } = send(origin, 'PATCH');
  request.write('one');
  const message = await answer;
  let text = '';
  message.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await eventually(() => expect(text).toBe('got one'));
  request.end('two');
  expect(await ended).toBe('whole');
  expect(text).toBe('got onegot two end');
  expect(message.headers['content-type']).toBe('application/vnd.akeneo.collection+json');
});

test('a client that does not read holds the upstream back', async () => {
  let written = 0;
  const upstream = await startUpstream((_request, response) => {
    writeAsTaken(response, 200_000_000, (length) => {
      written += length;
    });
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const { request, answer } = send(origin, 'GET');
  request.end();
  const message = await answer;
  message.pause();
  expect(await findRest(() => written)).toBeLessThan(50_000_000);
  let read = 0;
  message.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  message.resume();
  await eventually(() => expect(read).toBe(written));
  expect(read).toBeGreaterThanOrEqual(200_000_000);
});

test('an upstream that does not read holds the client back', async () => {
  const upstream = await startRawUpstream((socket) => socket.pause());
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const { request, ended } = send(origin, 'POST');
  request.on('error', () => undefined);
  let sent = 0;
  const pump = (): void => {
    while (sent < 500_000_000) {
      sent += 65_536;
      if (!request.write(Buffer.alloc(65_536))) return void request.once('drain', pump);
    }
  };
  pump();
  expect(await findRest(() => sent)).toBeLessThan(100_000_000);
  request.destroy();
  await ended;
});

test('a client that goes away before the answer ends the call to the upstream', async () => {
  const upstream = await startUpstream(() => undefined);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const { request } = send(gateway.origin, 'GET');
  request.on('error', () => undefined);
  request.end();
  await eventually(() => expect(upstream.requests).toHaveLength(1));
  request.destroy();
  await eventually(() => expect(upstream.requests[0]?.destroyed).toBe(true));
  await eventually(() => expect(gateway.log.at(-1)).toMatchObject({ msg: 'the client went away before the answer' }));
});

test('a client that goes away in the middle of its upload never makes a whole request of it', async () => {
  const upstream = await startUpstream(() => undefined);
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const { request } = send(origin, 'POST');
  request.on('error', () => undefined);
  request.write('{"identifier":');
  await eventually(() => expect(upstream.requests).toHaveLength(1));
  request.destroy();
  await eventually(() => expect(upstream.requests[0]?.destroyed).toBe(true));
  expect(upstream.requests[0]?.complete).toBe(false);
});

test('a client that goes away in the middle of an answer ends the call to the upstream', async () => {
  const upstream = await startUpstream((_request, response) => void response.write('start'));
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const { request, answer } = send(origin, 'GET');
  request.on('error', () => undefined);
  request.end();
  (await answer).on('error', () => undefined);
  request.destroy();
  await eventually(() => expect(upstream.sockets.size).toBe(0));
});

test('an answer that breaks off upstream breaks off here too, with and without a length', async () => {
  for (const extra of [{}, { 'content-length': '100' }]) {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, extra);
      response.write('start');
      setTimeout(() => response.destroy(), 50);
    });
    const gateway = await startTestGateway({ upstream: upstream.origin });
    const { request, answer, ended } = send(gateway.origin, 'GET');
    request.end();
    (await answer).on('error', () => undefined).resume();
    expect(await ended).toBe('cut');
    await eventually(() =>
      expect(gateway.log.at(-1)).toMatchObject({ reason: 'the upstream broke off', decision: 'upstream_error' }),
    );
  }
});

test('an answer to HTTP/1.0 that breaks off is no whole one, though only its connection ends it', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.write('start');
    setTimeout(() => response.destroy(), 50);
  });
  const { port } = await startTestGateway({ upstream: upstream.origin });
  const socket = connect(port, '127.0.0.1');
  const ended = new Promise((resolve) => {
    socket.once('end', () => resolve('in order'));
    socket.once('error', (error) => resolve('code' in error ? error.code : error));
  });
  socket.resume().write(`GET ${products} HTTP/1.0\r\nHost: a\r\nAuthorization: Bearer erp\r\n\r\n`);
  expect(await ended).toBe('ECONNRESET');
});

test('an upstream that answers before the end of the upload is heard, and the rest of the body thrown away', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(413, { 'content-type': 'application/json' });
    response.end('{"code":413,"message":"too much"}');
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const { request, answer, ended } = send(origin, 'POST');
  request.on('error', () => undefined);
  request.write('start');
  const message = await answer;
  expect([message.statusCode, message.headers.connection]).toEqual([413, 'close']);
  let text = '';
  message.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  expect(await ended).toBe('whole');
  expect(text).toBe('{"code":413,"message":"too much"}');
});
