import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sendJson } from './start-fake-cluster.ts';
import { startTestDashboard, type TestDashboard } from './start-test-dashboard.ts';

/** Everything that the cluster may ever be asked for. */
const listed = [
  /^POST \/apis\/authentication\.k8s\.io\/v1\/selfsubjectreviews$/,
  /^POST \/apis\/authorization\.k8s\.io\/v1\/selfsubjectaccessreviews$/,
  /^GET \/api\/v1\/namespaces$/,
  /^GET \/apis\/connect\.pim\.dev\/v1beta1\/(connections|connectionroles|connectiongroups)$/,
  /^(GET|POST) \/apis\/connect\.pim\.dev\/v1beta1\/namespaces\/[a-z0-9.-]+\/connections$/,
  /^(GET|PATCH|DELETE) \/apis\/connect\.pim\.dev\/v1beta1\/namespaces\/[a-z0-9.-]+\/connections\/[a-z0-9.-]+$/,
  /^GET \/apis\/events\.k8s\.io\/v1\/namespaces\/[a-z0-9.-]+\/events$/,
];

async function start(): Promise<TestDashboard & { unlisted(): string[] }> {
  const dashboard = await startTestDashboard();
  dashboard.cluster.script = (_request, response) => {
    sendJson(response, 200, { metadata: { name: 'x' }, spec: {}, items: [] });
    return true;
  };
  const unlisted = (): string[] =>
    dashboard.cluster.requests
      .map(({ method, url }) => `${method} ${url.split('?')[0]}`)
      .filter((asked) => !listed.some((pattern) => pattern.test(asked)) || asked.includes('..'));
  return { ...dashboard, unlisted };
}

test.each([
  '/api/connections/team/..%2fsecrets',
  '/api/connections/team/..%2f..%2f..%2fsecrets%2fx',
  '/api/connections/team/%2e%2e',
  '/api/connections/team/..',
  '/api/connections/../v1/secrets',
  '/api/connections/./team',
  '/api/connections//erp',
  '/api/connections/team/erp%2fstatus',
  '/api/connections/team/erp%00',
  '/api/connections/team/erp%3fwatch=1',
  '/api/connections/team/erp;v=1',
  '/api/connections/team\\erp',
  '/api/connections/team%5cerp',
  '/api/connections/team/erp%23',
  '/api/connections/TEAM/erp',
  '/api/connections/team/-erp',
  '/api/connections/team/erp/status',
  '/api/connections/team/erp/secret',
  '/api/v1/namespaces/team/secrets/erp-credentials',
  '/api/secrets/team/erp-credentials',
  '/api/kube/api/v1/secrets',
  '/apis/connect.pim.dev/v1beta1/connections',
  '/api/',
  '/api',
  '//api/connections/team/erp',
  '/api/connections/%252e%252e/secrets',
  'http://10.0.0.1/api/v1/secrets',
  '*',
])('%s reaches nothing', async (path) => {
  const { send, signIn, cluster } = await start();
  const { headers } = await signIn();
  cluster.requests.length = 0;
  for (const method of ['GET', 'PATCH', 'DELETE', 'POST']) {
    const { status } = await send(path, { method, headers });
    expect([400, 404, 405, 503]).toContain(status);
  }
  expect(cluster.requests).toEqual([]);
});

test('of no method and path that anybody makes up something else is asked', { timeout: 60_000 }, async () => {
  const { send, signIn, unlisted, cluster } = await start();
  const { headers } = await signIn();
  const piece = fc.oneof(
    fc.constantFrom('connections', 'team', 'erp', 'events', 'image', 'namespaces', 'access', 'flows', 'secrets'),
    fc.constantFrom('..', '.', '%2e%2e', '..%2f', '%2f', '', 'api', 'v1', 'status', '%00', '\\', ';', 'a.b', '-'),
    fc.string({ unit: fc.constantFrom(...'ab.-/%2f\\?#;:@'), maxLength: 8 }),
  );
  const valid = fc.constantFrom<string[]>(
    ['connections', 'team'],
    ['connections', 'team', 'erp'],
    ['connections', 'team', 'erp', 'events'],
    ['connections', 'team', 'erp', 'image'],
    ['namespaces'],
    ['access'],
  );
  const spoilt = fc
    .tuple(valid, fc.nat(4), fc.nat(1), fc.array(piece, { maxLength: 2 }))
    .map(([pieces, at, count, others]) => pieces.toSpliced(at, count, ...others));
  const query = fc.constantFrom(
    '',
    '?namespace=../secrets',
    '?dryRun=true',
    '?watch=1&namespace=team',
    '?fieldSelector=a',
  );
  const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'HEAD');
  await fc.assert(
    fc.asyncProperty(
      method,
      fc.oneof(valid, spoilt, fc.array(piece, { maxLength: 5 })),
      query,
      async (verb, pieces, rest) => {
        const path = `/api/${pieces.join('/')}${rest}`.replace(/#.*$/, '');
        if (/^\/api\/(session|live)\b/.test(path)) return;
        await send(path, { method: verb, headers, body: { metadata: {}, spec: {}, questions: [] } });
      },
    ),
    { numRuns: 400 },
  );
  expect(cluster.requests.length).toBeGreaterThan(5);
  expect(unlisted()).toEqual([]);
});

test('every route there is asks for what is listed, and for no Secret', async () => {
  const { send, signIn, unlisted, cluster } = await start();
  const { headers } = await signIn();
  const question = { verb: 'bind', resource: 'connectionroles', name: 'user' };
  const asked: readonly [string, string, object][] = [
    ['GET', 'namespaces', {}],
    ['POST', 'access', { questions: [question] }],
    ['POST', 'connections/team', { metadata: { name: 'erp' }, spec: {} }],
    ['GET', 'connections/team/erp', {}],
    ['PATCH', 'connections/team/erp', { spec: {} }],
    ['DELETE', 'connections/team/erp', {}],
    ['GET', 'connections/team/erp/events', {}],
    ['GET', 'connections/team/erp/image', {}],
  ];
  for (const [method, path, body] of asked) {
    const before = cluster.requests.length;
    await send(`/api/${path}`, { method, headers, body });
    expect(cluster.requests.length).toBe(before + 1);
  }
  expect(unlisted()).toEqual([]);
  expect(cluster.requests.filter(({ url }) => url.toLowerCase().includes('secret'))).toEqual([]);
});

test.each([
  ['a verb that is none', { verb: '*', resource: 'connections' }],
  ['a Secret', { verb: 'get', resource: 'secrets' }],
  ['a name that is none', { verb: 'get', resource: 'connections', name: '../x' }],
  ['a number', { verb: 'get', resource: 'connections', namespace: 1 }],
  ['null', null],
])('the cluster is not asked about %s', async (_, question) => {
  const { send, signIn, cluster } = await start();
  const { headers } = await signIn();
  const body = { questions: [question] };
  expect((await send('/api/access', { method: 'POST', headers, body })).status).toBe(400);
  expect(cluster.requests).toHaveLength(1);
});

test('what may be done is asked as the viewer, in the order of the questions', async () => {
  const { send, signIn, cluster } = await startTestDashboard();
  cluster.script = ({ body }, response) => {
    const { spec } = body as { spec: { resourceAttributes: { verb: string; namespace?: string } } };
    sendJson(response, 201, { status: { allowed: spec.resourceAttributes.namespace !== 'b' } });
    return true;
  };
  const { headers } = await signIn('bobs-token');
  const questions = ['a', 'b', 'c'].map((namespace) => ({ verb: 'create', resource: 'connections', namespace }));
  const answer = await send('/api/access', { method: 'POST', headers, body: { questions } });
  expect(answer.json).toEqual({ allowed: [true, false, true] });
  expect(cluster.requests.at(-1)?.headers.authorization).toBe('Bearer bobs-token');
});
