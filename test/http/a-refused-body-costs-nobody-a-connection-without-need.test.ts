import { expect, test } from 'vitest';
import { sendRaw } from './send-raw.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const head = 'POST /api/rest/v1/products HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const next = 'GET /api/rest/v1/system-information HTTP/1.1\r\nHost: a\r\n\r\n';
const times = { headers: 1_000, keepAlive: 1_000, silence: 2_000 };

test('a small body is thrown away and the connection goes on', async () => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin });
  const { statuses, closed } = await sendRaw(port, [`${head}Content-Length: 5\r\n\r\nab`, `cde${next}`], {
    answers: 2,
  });
  expect([statuses, closed]).toEqual([[401, 200], false]);
});

test('a large or endless one closes the connection after the answer', async () => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin });
  for (const body of ['Content-Length: 1000000000\r\n\r\nabc', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n']) {
    const { text, statuses, closed } = await sendRaw(port, head + body, { quiet: 10_000 });
    expect([statuses, closed]).toEqual([[401], true]);
    expect(text).toMatch(/^connection: close\r$/im);
    expect(text).toContain('Authentication is required');
  }
});

test('a client that sends on and on after its refusal is cut off, and reads its answer before', async () => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin });
  const chunk = Buffer.alloc(100_000, 'a').toString('latin1');
  const parts = [`${head}Content-Length: 1000000000\r\n\r\n`, ...Array.from({ length: 50 }, () => chunk)];
  const { statuses, closed } = await sendRaw(port, parts, { gap: 5, quiet: 10_000 });
  expect([statuses, closed]).toEqual([[401], true]);
});

test('a client that waits for a 100 gets it after the decision, or the refusal in its place', async () => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin });
  const waiting = `${head}Expect: 100-continue\r\nContent-Length: 2\r\n`;
  const allowed = await sendRaw(port, [`${waiting}Authorization: Bearer erp\r\n\r\n`, '{}'], { gap: 100 });
  expect(allowed.statuses).toEqual([100, 200]);
  expect(upstream.requests[0]?.headers.expect).toBeUndefined();
  const refused = await sendRaw(port, `${waiting}\r\n`, { quiet: 10_000 });
  expect([refused.statuses, refused.closed]).toEqual([[401], true]);
  expect(upstream.requests).toHaveLength(1);
});

test('a client that sends its headers too slowly gets 408', async () => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin, times });
  const drops = [head, ...Array.from({ length: 40 }, () => 'X')];
  const { text, statuses, closed } = await sendRaw(port, drops, { gap: 100 });
  expect([statuses, closed]).toEqual([[408], true]);
  expect(text).toContain('{"code":408,');
});

test('a silent connection and one between two requests are closed', async () => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin, times });
  expect((await sendRaw(port, '', { quiet: 10_000 })).closed).toBe(true);
  expect((await sendRaw(port, 'P', { quiet: 10_000 })).closed).toBe(true);
  const { statuses, closed } = await sendRaw(port, next, { quiet: 10_000 });
  expect([statuses, closed]).toEqual([[200], true]);
});

test('a client that closes its half of the connection counts as gone', async () => {
  const upstream = await startUpstream((_request, response) => void setTimeout(() => response.end('late'), 5_000));
  const { port, log } = await startTestGateway({ upstream: upstream.origin });
  const { closed } = await sendRaw(port, next, { halfClose: true, gap: 50 });
  expect(closed).toBe(true);
  expect(log.at(-1)).toMatchObject({ msg: 'the client went away before the answer' });
});
