import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { KubeClient } from '../../../src/kube/kube-client.ts';
import { isKubeError } from '../../../src/kube/kube-error.ts';
import { certificate } from './scripted/certificate.ts';
import { type Protocol, type Script, type ScriptedServer, startScriptedServer } from './scripted/scripted-server.ts';
import { startRelay } from './scripted/start-relay.ts';

let server: ScriptedServer;
afterEach(() => server.stop());

async function start(script: Script, protocol: Protocol = 'h2'): Promise<KubeClient> {
  server = await startScriptedServer(script, protocol);
  return server.buildClient();
}

async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error,
  );
}

const echo: Script = ({ method, path, query, headers, body, httpVersion }, answer) =>
  answer.json(200, {
    method,
    path,
    query: Object.fromEntries(query),
    type: headers['content-type'],
    body,
    httpVersion,
  });

describe.each([
  ['h2', '2.0'],
  ['https', '1.1'],
  ['http', '1.1'],
] as const)('over %s', (protocol, httpVersion) => {
  test('a call brings method, path, query and body, and gets the parsed answer', async () => {
    const client = await start(echo, protocol);
    expect(await client.create('/api/v1/things', { a: 'ü' })).toEqual({
      method: 'POST',
      path: '/api/v1/things',
      query: {},
      type: 'application/json',
      body: '{"a":"ü"}',
      httpVersion,
    });
  });

  test('many calls at once all get their own answer', async () => {
    const client = await start(echo, protocol);
    const paths = Array.from({ length: 500 }, (_, index) => `/api/v1/things/${index}`);
    const answers = await Promise.all(paths.map((path) => client.get<{ path: string }>(path)));
    expect(answers.map(({ path }) => path)).toEqual(paths);
    expect(server.connections).toBeLessThanOrEqual(protocol === 'h2' ? 1 : 65);
  });

  test('a server that ends and comes back is reached again', async () => {
    const client = await start(echo, protocol);
    await client.get('/before');
    await server.restart();
    await expect.poll(() => client.get('/after').then(Boolean, () => false)).toBe(true);
  });

  test('calls under way fail when the connection breaks, and say that trying again makes sense', async () => {
    const client = await start(() => {}, protocol);
    const calls = Array.from({ length: 20 }, () => failure(client.get('/x')));
    await expect.poll(() => server.requests.length).toBe(20);
    await server.restart();
    for (const error of await Promise.all(calls))
      expect(error).toMatchObject({ code: 'Unavailable', status: 0, retry: true });
  });

  test('a first call that is ended while the connection begins holds up nobody', async () => {
    const client = await start(echo, protocol);
    const controller = new AbortController();
    const first = failure(client.get('/x', { signal: controller.signal }));
    await Promise.resolve().then(() => controller.abort());
    expect(await first).toMatchObject({ code: 'Timeout' });
    expect(await client.get('/y', { timeout: 2_000 })).toMatchObject({ path: '/y' });
    expect(await client.get('/z', { timeout: 2_000 })).toMatchObject({ path: '/z' });
  });

  test('however often it is killed, at whatever moment, no call is left hanging', async () => {
    const client = await start((request, answer) => setTimeout(() => echo(request, answer), 3), protocol);
    let killing = true;
    let longest = 0;
    const callers = Array.from({ length: 10 }, async () => {
      while (killing) {
        const began = performance.now();
        await client.get('/x').catch(() => wait(Math.random() * 5));
        longest = Math.max(longest, performance.now() - began);
      }
    });
    for (let count = 0; count < 40; count += 1) {
      await wait(Math.random() * 15);
      await server.restart();
    }
    killing = false;
    await Promise.all(callers);
    expect(longest).toBeLessThan(3_000);
  }, 20_000);

  test('a broken answer is a failed call, not half an object', async () => {
    const client = await start((_request, answer) => {
      answer.status(200);
      answer.write('{"a":');
      setTimeout(() => answer.break(), 20);
    }, protocol);
    expect(await failure(client.get('/x'))).toMatchObject({ code: 'Unavailable', retry: true });
  });
});

test('each kind of patch has its media type', async () => {
  const client = await start(echo);
  expect(await client.patch('/x', {})).toMatchObject({ type: 'application/merge-patch+json' });
  expect(await client.patch('/x', [], 'json')).toMatchObject({ type: 'application/json-patch+json' });
  const applied = await client.patch('/x', {}, 'apply', { force: true });
  expect(applied).toMatchObject({ type: 'application/apply-patch+yaml', query: { force: 'true' } });
});

test('writes name the field manager, reads do not', async () => {
  await start(echo);
  const client = server.buildClient({ fieldManager: 'connection-cli' });
  const manager = { query: { fieldManager: 'connection-cli' } };
  expect(await client.create('/x', {})).toMatchObject(manager);
  expect(await client.replace('/x', {})).toMatchObject(manager);
  expect(await client.patch('/x', {})).toMatchObject(manager);
  expect(await client.get('/x')).toMatchObject({ query: {} });
});

test('a delete sends its preconditions and hides the answer', async () => {
  const client = await start(echo);
  expect(await client.delete('/x', { uid: 'u' }, { propagationPolicy: 'Background' })).toBeUndefined();
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions: { uid: 'u' },
    propagationPolicy: 'Background',
  });
});

test('a list says where it stands and whether there is more', async () => {
  const client = await start(({ query }, answer) =>
    answer.json(200, {
      items: [1],
      metadata: { resourceVersion: '7', continue: query.has('continue') ? '' : 'token' },
    }),
  );
  const selector = 'a=b,c in (d, e)';
  expect(await client.list('/x', { labelSelector: selector, limit: 1 })).toEqual({
    items: [1],
    resourceVersion: '7',
    continue: 'token',
  });
  expect(server.requests[0]?.query.get('labelSelector')).toBe(selector);
  expect(await client.list('/x', { continue: 'token' })).toEqual({ items: [1], resourceVersion: '7' });
});

test('an answer that does not come in time is a Timeout, and the stream is given back', async () => {
  const client = await start(() => {});
  expect(await failure(client.get('/x', { timeout: 50 }))).toMatchObject({ code: 'Timeout', status: 0, retry: true });
  server.script = echo;
  expect(await client.get('/y')).toMatchObject({ path: '/y' });
  expect(server.connections).toBe(1);
});

test('a caller can end a call, also before it begins', async () => {
  const client = await start(() => {});
  const controller = new AbortController();
  const call = failure(client.get('/x', { signal: controller.signal }));
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort();
  expect(await call).toMatchObject({ code: 'Timeout' });
  expect(await failure(client.get('/x', { signal: controller.signal }))).toMatchObject({ code: 'Timeout' });
});

test('a server that nobody listens on is Unavailable', async () => {
  const client = await start(echo);
  await server.restart();
  await client.close();
  const other = server.buildClient({ access: { ...server.buildAccess(), server: 'https://127.0.0.1:1' } });
  expect(await failure(other.get('/x'))).toMatchObject({
    code: 'Unavailable',
    sentence: 'the API server cannot be reached (ECONNREFUSED)',
  });
});

test('a closed client answers at once', async () => {
  const client = await start(echo);
  await client.close();
  expect(isKubeError(await failure(client.get('/x')), 'Unavailable')).toBe(true);
});

test('a page that is no JSON is no success', async () => {
  const client = await start((_request, answer) => {
    answer.status(200);
    answer.end('<html>please log in</html>');
  });
  const error = await failure(client.get('/x'));
  expect(error).toMatchObject({ code: 'Unknown' });
  expect(String(error)).not.toContain('log in');
});

test('after a 401 the credentials are read anew', async () => {
  await start(({ headers }, answer) => {
    if (headers.authorization === 'Bearer new') answer.json(200, {});
    else answer.json(401, { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' });
  });
  let token = 'old';
  const client = server.buildClient({
    access: {
      ...server.buildAccess(),
      readCredentials: async () => ({ headers: { authorization: `Bearer ${token}` }, tls: sharedTls }),
      forgetCredentials: () => {
        token = 'new';
      },
    },
  });
  expect(await failure(client.get('/x'))).toMatchObject({ code: 'Unauthorized', retry: true });
  expect(await client.get('/x')).toEqual({});
});

const sharedTls = { ca: certificate };

test('new certificates mean a new connection, and calls under way end on the old one', async () => {
  let release = (): void => {};
  await start((_request, answer) => {
    release = () => answer.json(200, { late: true });
  });
  let tls = { ca: certificate };
  const client = server.buildClient({
    access: { ...server.buildAccess(), readCredentials: async () => ({ headers: {}, tls }) },
  });
  const late = client.get('/late');
  await expect.poll(() => server.requests.length).toBe(1);
  tls = { ca: certificate };
  server.script = echo;
  await client.get('/x');
  expect(server.connections).toBe(2);
  release();
  expect(await late).toEqual({ late: true });
});

test('a path in front of the API server stays in front', async () => {
  await start(echo);
  const client = server.buildClient({
    access: { ...server.buildAccess(sharedTls), server: `${server.url}/k8s/clusters/c1/` },
  });
  expect(await client.get('/api/v1/x')).toMatchObject({ path: '/k8s/clusters/c1/api/v1/x' });
});

describe('HTTP/2', () => {
  test('GOAWAY: what the server still answers is taken, what it did not begin goes to the next connection', async () => {
    const client = await start(echo);
    await client.get('/x');
    const paths = Array.from({ length: 50 }, (_, index) => `/x/${index}`);
    const calls = paths.map((path) => client.get<{ path: string }>(path));
    for (const session of server.sessions) session.goaway();
    expect((await Promise.all(calls)).map(({ path }) => path)).toEqual(paths);
    expect(await client.get('/y')).toMatchObject({ path: '/y' });
    expect(server.connections).toBe(2);
  });

  test('a connection that answers no PING is given up, and the next call gets a new one', async () => {
    await start(() => {});
    const relay = await startRelay(server.url);
    onTestFinished(() => relay.stop());
    const client = server.buildClient({
      access: { ...server.buildAccess(sharedTls), server: relay.url },
      silence: 300,
    });
    const call = failure(client.get('/x'));
    await expect.poll(() => server.requests.length).toBe(1);
    relay.cut();
    const began = performance.now();
    expect(await call).toMatchObject({ code: 'Unavailable', sentence: expect.stringContaining('SILENT_CONNECTION') });
    expect(performance.now() - began).toBeLessThan(2_000);
    server.script = echo;
    relay.mend();
    expect(await client.get('/y')).toMatchObject({ path: '/y' });
  });

  test('a connection that is silent from the first is given up too, and nothing waits for it', async () => {
    await start(echo);
    const relay = await startRelay(server.url);
    onTestFinished(() => relay.stop());
    relay.cut();
    const client = server.buildClient({
      access: { ...server.buildAccess(sharedTls), server: relay.url },
      silence: 200,
    });
    const calls = ['/a', '/b', '/c'].map((path) => client.get(path, { timeout: 5_000 }));
    await expect(calls[0]).rejects.toMatchObject({ code: 'Unavailable' });
    relay.mend();
    const began = performance.now();
    await Promise.allSettled(calls);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await client.get('/d', { timeout: 1_000 })).toMatchObject({ path: '/d' });
  });

  test('a call that takes long is left alone while the connection lives', async () => {
    await start((_request, answer) => setTimeout(() => answer.json(200, {}), 1_000));
    const client = server.buildClient({ silence: 200 });
    expect(await client.get('/x')).toEqual({});
    expect(server.connections).toBe(1);
  });

  test('a process that was stopped itself does not blame the connection', async () => {
    await start((_request, answer) => setTimeout(() => answer.json(200, {}), 1_000));
    const client = server.buildClient({ silence: 300 });
    const call = client.get('/x');
    await expect.poll(() => server.requests.length).toBe(1);
    const until = performance.now() + 600;
    while (performance.now() < until);
    expect(await call).toEqual({});
    expect(server.connections).toBe(1);
  });

  test('a reader of a watch that is slow does not hold up other calls', async () => {
    let sent = 0;
    const count = (): void => {
      sent += 1;
    };
    const client = await start((request, answer) => {
      if (!request.query.has('watch')) return echo(request, answer);
      answer.status(200);
      const line = `${JSON.stringify({ type: 'ADDED', object: { text: 'x'.repeat(10_000) } })}\n`;
      for (let index = 0; index < 3_000; index += 1) answer.write(line, count);
      return undefined;
    });
    const events = client.watch('/x', {}, new AbortController().signal)[Symbol.asyncIterator]();
    await events.next();
    await wait(200);
    expect(await client.get('/y', { timeout: 1_000 })).toMatchObject({ path: '/y' });
    // The others wait at the server, not in our memory.
    expect(sent).toBeLessThan(2_000);
    await events.return?.();
  });
});

describe('clockSkew', () => {
  test('is unknown before the first answer, then within a second of the truth', async () => {
    const client = await start((_request, answer) =>
      answer.json(200, {}, { date: new Date(Date.now() - 3_600_000).toUTCString() }),
    );
    expect(client.clockSkew()).toBeUndefined();
    await client.get('/x');
    expect(Math.abs((client.clockSkew() ?? 0) - 3_600_000)).toBeLessThan(700);
  });
});
