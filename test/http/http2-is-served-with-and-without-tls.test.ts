import type { ClientHttp2Session } from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { buildCertificate } from './build-certificate.ts';
import { openHttp2Session } from './open-http2-session.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const products = '/api/rest/v1/products';

interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Error code of the stream; 0 is none. */
  readonly code: number;
}

async function ask(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Http2Answer> {
  const stream = session.request({ authorization: 'Bearer erp', ':path': products, ...headers });
  stream.on('error', () => undefined);
  let answer: Readonly<Record<string, unknown>> = {};
  let text = '';
  stream.on('response', (received) => {
    answer = received;
  });
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  stream.end(body);
  await new Promise((resolve) => stream.once('close', resolve));
  return { status: Number(answer[':status']), headers: answer, text, code: stream.rstCode ?? 0 };
}

test('by prior knowledge, many calls at once over one connection', async () => {
  const upstream = await startUpstream(echo);
  const { origin } = await startTestGateway({ upstream: upstream.origin, config: 'limits: {concurrent: 0}' });
  const session = openHttp2Session(origin);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => ask(session, { ':path': `${products}?page=${index}` })),
  );
  expect(answers.map(({ text }) => JSON.parse(text).url)).toEqual(
    answers.map((_, index) => `${products}?page=${index}`),
  );
});

test('a body without a length goes on', async () => {
  const upstream = await startUpstream(echo);
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const { text } = await ask(
    openHttp2Session(origin),
    { ':method': 'POST', 'content-type': 'application/json' },
    '{"identifier":"x"}',
  );
  const { headers, body } = JSON.parse(text);
  expect([headers['transfer-encoding'], body]).toEqual(['chunked', '{"identifier":"x"}']);
});

test('with TLS the client chooses', async () => {
  const upstream = await startUpstream(echo);
  const certificate = buildCertificate('first');
  const { origin } = await startTestGateway({ upstream: upstream.origin, certificate });
  const http2 = await ask(openHttp2Session(origin, { ca: certificate.cert }), {});
  expect([http2.status, JSON.parse(http2.text).headers['x-forwarded-proto']]).toEqual([200, 'https']);
  const status = await new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer erp' };
    httpsRequest(origin + products, { ca: certificate.cert, headers }, (answer) => resolve(answer.resume().statusCode))
      .once('error', reject)
      .end();
  });
  expect(status).toBe(200);
});

test('a new certificate is served to new connections', async () => {
  const upstream = await startUpstream(echo);
  const [first, second] = [buildCertificate('first'), buildCertificate('second')];
  const gateway = await startTestGateway({ upstream: upstream.origin, certificate: first });
  const old = openHttp2Session(gateway.origin, { ca: first.cert });
  expect(await ask(old, {})).toMatchObject({ status: 200 });
  gateway.setCertificate(second);
  expect(await ask(openHttp2Session(gateway.origin, { ca: second.cert }), {})).toMatchObject({ status: 200 });
  expect(await ask(old, {})).toMatchObject({ status: 200 });
});

test('a body is refused like over HTTP/1.1, and the connection goes on', async () => {
  const upstream = await startUpstream(echo);
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const session = openHttp2Session(origin);
  const refused = await ask(session, { ':method': 'POST', authorization: 'Bearer nobody' }, 'a'.repeat(10_000));
  expect([refused.status, refused.code, JSON.parse(refused.text)]).toEqual([
    401,
    0,
    { code: 401, message: 'The access token provided is invalid.' },
  ]);
  expect((await ask(session, {})).status).toBe(200);
});

test.each([
  ['Host beside another :authority', { ':authority': 'api.example', host: 'evil.example' }, 400],
  ['headers that are too long', { x: 'a'.repeat(17_000) }, 400],
  ['dot segments', { ':path': '/api/rest/v1/media-files/../products' }, 400],
])('%s is refused', async (_name, headers, status) => {
  const upstream = await startUpstream(echo);
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  expect((await ask(openHttp2Session(origin), headers)).status).toBe(status);
  expect(upstream.requests).toHaveLength(0);
});

test('a header that breaks lines is left out, a target that is none ends the stream', async () => {
  const upstream = await startUpstream(echo);
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const session = openHttp2Session(origin);
  const { text } = await ask(session, { x: 'a\r\nx-connection-code: admin' });
  expect(JSON.parse(text).headers).toMatchObject({ 'x-connection-code': 'erp' });
  expect(JSON.parse(text).headers.x).toBeUndefined();
  for (const path of ['http://evil.example/', '/a b', '*']) {
    const { status, code } = await ask(session, { ':path': path });
    expect(status === 400 || code !== 0).toBe(true);
  }
  expect(upstream.requests).toHaveLength(1);
});

test('a header that the upstream says twice arrives twice, also one that has one value', async () => {
  const upstream = await startUpstream((_request, response) => {
    const twice = ['x-content-type-options', 'nosniff', 'x-content-type-options', 'nosniff', 'vary', 'a', 'vary', 'b'];
    response.writeHead(200, twice).end('ok');
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const stream = openHttp2Session(origin).request({ ':path': products, authorization: 'Bearer erp' });
  const raw = await new Promise<readonly string[]>((resolve) =>
    stream.once('response', (_headers, _flags, lines) => resolve(lines as unknown as readonly string[])),
  );
  expect(raw.filter((text) => /nosniff|^[ab]$/.test(text))).toEqual(['nosniff', 'nosniff', 'a', 'b']);
});

test('a client that waits for a 100 gets it', async () => {
  const upstream = await startUpstream(echo);
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const stream = openHttp2Session(origin).request({
    ':method': 'POST',
    ':path': products,
    authorization: 'Bearer erp',
    'content-type': 'application/json',
    expect: '100-continue',
  });
  await new Promise((resolve) => stream.once('continue', () => resolve(undefined)));
  stream.end('{}');
  const status = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));
  expect(status).toBe(200);
});

test('one connection is used for many calls over HTTP/1.1 too', async () => {
  const upstream = await startUpstream(echo);
  const certificate = buildCertificate('first');
  const { origin } = await startTestGateway({
    upstream: upstream.origin,
    certificate,
    config: 'limits: {concurrent: 0}',
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: certificate.cert });
  onTestFinished(() => agent.destroy());
  const ports = new Set<number | undefined>();
  for (let turn = 0; turn < 3; turn++) {
    await new Promise<void>((resolve, reject) => {
      const headers = { authorization: 'Bearer erp' };
      const request = httpsRequest(origin + products, { agent, headers }, (answer) => {
        ports.add(request.socket?.localPort);
        answer.resume().once('end', () => resolve());
      });
      request.once('error', reject).end();
    });
  }
  expect(ports.size).toBe(1);
});
