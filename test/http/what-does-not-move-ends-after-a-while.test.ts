import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sendRaw } from './send-raw.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';

const head = 'Host: a\r\nAuthorization: Bearer erp\r\nContent-Type: application/json\r\n';
const get = `GET /api/rest/v1/products HTTP/1.1\r\n${head}\r\n`;
const post = `POST /api/rest/v1/products HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n`;

test('an upstream that says nothing is 504', async () => {
  const upstream = await startUpstream(() => undefined);
  const { port } = await startTestGateway({ upstream: upstream.origin, idle: 300 });
  const { text, statuses } = await sendRaw(port, get, { quiet: 1_000 });
  expect(statuses).toEqual([504]);
  expect(text).toContain('{"code":504,"message":"The upstream did not answer in time."}');
});

test('a client that stops in the middle of its body is 408', async () => {
  const upstream = await startUpstream(() => undefined);
  const { port } = await startTestGateway({ upstream: upstream.origin, idle: 300 });
  const { text, statuses, closed } = await sendRaw(port, `${post}3\r\nabc\r\n`, { quiet: 10_000 });
  expect([statuses, closed]).toEqual([[408], true]);
  expect(text).toContain('{"code":408,"message":"The body of the request did not arrive in time."}');
});

test('a body that keeps moving takes as long as it takes', async () => {
  const upstream = await startUpstream((request, response) => {
    request.resume().on('end', () => response.end('all there'));
  });
  const { port } = await startTestGateway({ upstream: upstream.origin, idle: 1_500 });
  const drops = [post, ...Array.from({ length: 10 }, () => '1\r\na\r\n'), '0\r\n\r\n'];
  const { text } = await sendRaw(port, drops, { gap: 200 });
  expect(text).toContain('all there');
});

test('an answer that stops in its middle breaks off', async () => {
  const upstream = await startUpstream((_request, response) => void response.write('start'));
  const { port } = await startTestGateway({ upstream: upstream.origin, idle: 300 });
  const { text, closed } = await sendRaw(port, get, { quiet: 10_000 });
  expect([closed, text.endsWith('0\r\n\r\n')]).toEqual([true, false]);
});

test('an answer that keeps moving takes as long as it takes', async () => {
  const upstream = await startUpstream(async (_request, response) => {
    for (let drop = 0; drop < 10; drop++) {
      response.write('a');
      await sleep(200);
    }
    response.end('z');
  });
  const { port } = await startTestGateway({ upstream: upstream.origin, idle: 1_500 });
  const { text } = await sendRaw(port, get, { quiet: 1_500 });
  expect(text).toMatch(/z\r\n0\r\n\r\n$/);
});
