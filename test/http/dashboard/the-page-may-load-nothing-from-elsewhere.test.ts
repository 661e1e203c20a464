import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendJson } from './start-fake-cluster.ts';
import { startTestDashboard } from './start-test-dashboard.ts';

const script = `console.log(${JSON.stringify('x'.repeat(2_000))})`;
let page = '';
beforeAll(() => {
  page = mkdtempSync(join(tmpdir(), 'page-'));
  mkdirSync(join(page, 'assets'));
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Connections</title>');
  writeFileSync(join(page, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(page, 'assets', 'index-B__WA0Di.js'), script);
  writeFileSync(join(page, 'secret.pem'), 'not for anybody');
});
afterAll(() => rmSync(page, { recursive: true }));

const policy =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

test('every answer carries the policy and says what it is', async () => {
  const { send } = await startTestDashboard({ page });
  const paths = ['/', '/flows', '/assets/index-B__WA0Di.js', '/nothing.js', '/api/session', '/api/nothing', '/a%2fb'];
  for (const path of paths) {
    const { headers } = await send(path);
    expect([path, headers]).toMatchObject([
      path,
      {
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      },
    ]);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('server');
  }
  expect((await send('/', { headers: { host: 'evil.example' } })).headers['content-security-policy']).toBe(policy);
});

test('hosts of images stand in it where they are configured, and nothing else does', async () => {
  const { send } = await startTestDashboard({ page, imageHosts: ['img.example.com', 'cdn.example.com'] });
  const wanted = policy.replace('data:', 'data: https://img.example.com https://cdn.example.com');
  expect((await send('/')).headers['content-security-policy']).toBe(wanted);
});

describe('files of the page', () => {
  test.each([
    ['/', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/connections/team/erp', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/connections/team/erp.v2', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/favicon.svg', 200, 'image/svg+xml', 'no-cache'],
    ['/assets/index-B__WA0Di.js', 200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/other-B__WA0Di.js', 404, 'application/json', 'no-store'],
    ['/secret.pem', 404, 'application/json', 'no-store'],
    ['/index.html', 404, 'application/json', 'no-store'],
    ['/../package.json', 400, 'application/json', 'no-store'],
    ['/..%2fpackage.json', 400, 'application/json', 'no-store'],
  ])('%s is %i', async (path, status, type, caching) => {
    const { send } = await startTestDashboard({ page });
    const answer = await send(path);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
      status,
      type,
      caching,
    ]);
  });

  test('are sent small, and not again', async () => {
    const { port } = await startTestDashboard({ page });
    const address = `http://127.0.0.1:${port}/assets/index-B__WA0Di.js`;
    const plain = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
    expect([await plain.text(), plain.headers.get('content-encoding')]).toEqual([script, null]);
    const small = await fetch(address, { headers: { 'accept-encoding': 'gzip' } });
    expect([await small.text(), small.headers.get('content-encoding')]).toEqual([script, 'gzip']);
    expect(Number(small.headers.get('content-length'))).toBeLessThan(500);
    const etag = small.headers.get('etag') ?? '';
    const known = await fetch(address, { headers: { 'if-none-match': etag } });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  test('can only be read', async () => {
    const { send } = await startTestDashboard({ page });
    expect(await send('/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect(await send('/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });

  test('that were not built are missed with a sentence', async () => {
    const { send } = await startTestDashboard({ page: join(page, 'nowhere') });
    const { status, text } = await send('/');
    expect([status, text]).toEqual([503, expect.stringContaining('npm run build')]);
    expect((await send('/api/session')).status).toBe(200);
  });
});

describe('an image by address', () => {
  const open = async (image: string | undefined): Promise<{ status: number; text: string; policy: string }> => {
    const { send, signIn, cluster } = await startTestDashboard({ page });
    cluster.script = (_request, response) => {
      sendJson(response, 200, { metadata: { name: 'erp' }, spec: { image } });
      return true;
    };
    const { headers } = await signIn();
    const answer = await send('/api/connections/team/erp/image', { headers });
    // Nobody but the browser looks at it.
    expect(cluster.requests).toHaveLength(2);
    return { ...answer, policy: String(answer.headers['content-security-policy']) };
  };

  test('is a document that may load it and do nothing else', async () => {
    const { status, text, policy } = await open('https://img.example.com:8443/a.png?x=1&y="><script>alert(1)</script>');
    expect(status).toBe(200);
    expect(policy.split('; ').filter((part) => !part.startsWith('style-src'))).toEqual([
      "default-src 'none'",
      'img-src https://img.example.com:8443',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
      'sandbox',
    ]);
    expect(text.match(/<\w+/g)).toEqual(['<title', '<style', '<img']);
    expect(text).toContain(
      'src="https://img.example.com:8443/a.png?x=1&amp;y=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"',
    );
  });

  test.each([
    undefined,
    'data:image/png;base64,AAAA',
    'http://img.example.com/a.png',
    'javascript:alert(1)',
    "https://a;script-src'unsafe-inline'/x",
    'https://',
  ])('%s is none', async (image) => {
    const { status, policy: sent } = await open(image);
    expect([status, sent]).toEqual([404, policy]);
  });
});
