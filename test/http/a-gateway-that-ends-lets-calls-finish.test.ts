import { connect as connectSocket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { openHttp2Session } from './open-http2-session.ts';
import { openTestGateway, type TestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';

const products = '/api/rest/v1/products';
const soon = { within: 20_000 };

/** A gateway whose upstream answers when it is told to. */
async function start() {
  const waiting: (() => void)[] = [];
  const upstream = await startUpstream((_request, response) => {
    response.write('first ');
    waiting.push(() => response.end('last'));
  });
  const gateway = await openTestGateway({ upstream: upstream.origin });
  onTestFinished(() => gateway.close(0));
  return { gateway, waiting };
}

/** Resolves to the error by which a new connection is refused. */
function knock({ port }: TestGateway): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve('connected');
    });
  });
}

test('over HTTP/1.1: the answer comes whole, new connections are refused, idle ones are closed', async () => {
  const { gateway, waiting } = await start();
  const idle = connectSocket(gateway.port, '127.0.0.1');
  let isIdleClosed = false;
  idle.once('close', () => {
    isIdleClosed = true;
  });
  idle.write('GET /oauth/z HTTP/1.1\r\nHost: a\r\n\r\n');
  await new Promise((resolve) => idle.once('data', resolve));
  const answer = fetch(gateway.origin + products, { headers: { authorization: 'Bearer erp' } });
  await eventually(() => expect(waiting).toHaveLength(1), soon);
  const closing = gateway.close(20_000);
  await eventually(() => expect(isIdleClosed).toBe(true), soon);
  expect(await knock(gateway)).toBe('ECONNREFUSED');
  waiting[0]?.();
  expect(await (await answer).text()).toBe('first last');
  await closing;
});

test('over HTTP/2: the answer comes whole, and the connection takes no further call', async () => {
  const { gateway, waiting } = await start();
  const session = openHttp2Session(gateway.origin);
  const stream = session.request({ ':path': products, authorization: 'Bearer erp' });
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise((resolve) => stream.once('close', () => resolve(stream.rstCode)));
  await eventually(() => expect(text).toBe('first '), soon);
  const closing = gateway.close(20_000);
  await new Promise((resolve) => session.once('goaway', resolve));
  waiting[0]?.();
  expect([await ended, text]).toEqual([0, 'first last']);
  await closing;
});

test('when patience ends, so does the answer, and it does not look whole', async () => {
  const { gateway, waiting } = await start();
  const session = openHttp2Session(gateway.origin);
  const stream = session.request({ ':path': products, authorization: 'Bearer erp' });
  stream.on('error', () => undefined);
  const ended = new Promise((resolve) => stream.resume().once('close', () => resolve(stream.rstCode)));
  const answer = await fetch(gateway.origin + products, { headers: { authorization: 'Bearer erp' } });
  await eventually(() => expect(waiting).toHaveLength(2), soon);
  await gateway.close(100);
  await expect(answer.text()).rejects.toThrow();
  expect(await ended).not.toBe(0);
});
