import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { runCommand } from '../../../src/cli/run-command.ts';
import { connectionOf } from '../insight/connection-of.ts';
import { buildFakeTools } from './fake-tools.ts';

const connections = '/apis/connect.pim.dev/v1beta1/namespaces/connectors/connections';
const connection = connectionOf({ tracked: true });
const objects = {
  [connections]: [connection],
  [`${connections}/erp`]: connection,
  '/apis/events.k8s.io/v1/namespaces/connectors/events': [],
  '/api/v1/namespaces/connectors/pods': [],
};
const counts = { created: 1200, updated: 30, sent: 0, business: 2, technical: 1 };
const place = { uid: 'u1', namespace: 'connectors', name: 'erp' };

/** Twelve, a minute apart, newest first. */
const errors = Array.from({ length: 12 }, (_, n) => ({
  at: new Date(Date.parse('2026-01-20T11:58:00Z') - n * 60_000).toISOString(),
  message: n === 0 ? 'Attribute "colour" expects an option.\u001b[2J' : `Message ${n}.`,
  route: 'PATCH /api/rest/v1/products/{code}',
  ...(n === 0 && { product: 'shirt', attribute: 'colour', locale: 'de_DE' }),
}));

const asked: { path: string; authorization: string | undefined }[] = [];
let calls = 0;
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
  if (pathname === '/metrics') calls += 7;
  const answers: Readonly<Record<string, unknown>> = {
    '/flows': { connections: [{ ...place, ...counts }], hours: [{ hour: '2026-01-20T10:00:00Z', ...counts }] },
    '/errors': { errors },
    '/warnings': {
      warnings: [{ ...place, kind: 'otherUsername', detail: 'dam_0001', at: '2026-01-20T10:00:00.000Z' }],
    },
    '/metrics': `connection_gateway_requests_total{namespace="connectors",connection="erp",decision="allowed"} ${calls}\n`,
  };
  const answer = answers[pathname];
  response.statusCode = request.headers.authorization === 'Bearer nobody' ? 403 : answer === undefined ? 404 : 200;
  if (typeof answer === 'string') response.end(answer);
  else
    response.end(
      JSON.stringify(response.statusCode === 200 ? answer : { code: 403, message: 'You may get none of them.' }),
    );
});
let admin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  admin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

async function run(...argv: readonly string[]) {
  const tools = buildFakeTools({ objects });
  const code = await runCommand(commands, [...argv, '--gateway-admin', admin], tools);
  return { code, ...tools.said };
}

test('usage draws what moved, and asks with the viewer’s own token', async () => {
  const { code, out, err } = await run('usage', 'erp', '--days', '2', '--token', 'mine');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/Products created: 1,200, today 1,200\n {2}01-19 {2}0\n {2}01-20 {2}█+ 1,200\n/);
  expect(out).toMatch(/connectors +erp +1,200 +30 +0 +2 +1\n/);
  expect(out).not.toContain('Products sent:');
  expect(asked.at(-1)).toEqual({
    path: '/flows?namespace=connectors&name=erp&hours=72',
    authorization: 'Bearer mine',
  });
});

describe('list', () => {
  test('counts warnings and errors of the gateway', async () => {
    const { out, err } = await run('list', '--token', 'mine', '-o', 'json');
    expect(err).toBe('');
    const [entry] = JSON.parse(out).connections;
    expect(entry).toMatchObject({ name: 'erp', errors: 3, warnings: [expect.stringContaining('dam_0001')] });
  });

  test('says so when the viewer may see nothing of it', async () => {
    const { code, err } = await run('list', '--token', 'nobody');
    expect(code).toBe(0);
    expect(err).toBe(
      "Not shown: errors and warnings of the gateway, because the gateway's admin port answered 403 (You may get none of them.).\n",
    );
  });

  test('says what a kubeconfig without a token can do', async () => {
    expect((await run('list')).err).toContain('give --token TOKEN or --service-account NAMESPACE/NAME');
  });
});

describe('describe', () => {
  test('lists the last business errors, newest first, and says how many more there are', async () => {
    const { code, out } = await run('describe', 'erp', '--token', 'mine');
    expect(code).toBe(0);
    const [, block = ''] = /Last business errors\n([\s\S]*?)\n\n/.exec(`${out}\n`) ?? [];
    const lines = block.split('\n').map((line) => line.trim().split(/ {3,}/));
    expect(lines.slice(0, 3)).toEqual([
      ['AGE', 'PRODUCT', 'WHERE', 'CALL', 'MESSAGE'],
      ['2m ago', 'shirt', 'colour, de_DE', errors[0]?.route, 'Attribute "colour" expects an option. [2J'],
      ['3m ago', '-', '-', errors[1]?.route, 'Message 1.'],
    ]);
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toEqual(['2 more: -o json has them.']);
    expect(asked.map(({ path }) => path)).toContain('/errors?namespace=connectors&name=erp');
  });

  test('-o json has all of them', async () => {
    const { out } = await run('describe', 'erp', '--token', 'mine', '-o', 'json');
    expect(JSON.parse(out).errors).toEqual(errors);
  });
});

test('top measures calls a second', async () => {
  const { code, out } = await run('top', '--interval', '1s', '-o', 'json');
  expect(code).toBe(0);
  const [rates, ...others] = JSON.parse(out);
  expect(others).toEqual([]);
  expect(rates).toMatchObject({ namespace: 'connectors', name: 'erp', refused: 0, limited: 0, total: 14 });
  expect(rates.allowed).toBeGreaterThan(0);
});
