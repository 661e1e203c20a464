import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { WatchEvent, WatchOptions } from '../../../src/kube/kube-client.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted/scripted-server.ts';

let server: ScriptedServer;
let stop: AbortController;
afterEach(() => server.stop());

const event = (name: string, type = 'ADDED'): string => JSON.stringify({ type, object: { metadata: { name } } });

/** Reads a watch to its end; `error` when it did not end in order. */
async function readWatch(
  script: Script,
  options?: WatchOptions,
  onEvent?: (event: WatchEvent) => void | Promise<void>,
): Promise<{ names: unknown[]; error: unknown }> {
  server = await startScriptedServer(script);
  stop = new AbortController();
  const names: unknown[] = [];
  try {
    for await (const received of server.buildClient().watch('/x', { resourceVersion: '5' }, stop.signal, options)) {
      names.push((received.object as { metadata: { name: string } }).metadata.name);
      await onEvent?.(received);
    }
    return { names, error: undefined };
  } catch (error) {
    return { names, error };
  }
}

test('events come out in order, however the bytes were cut', async () => {
  const { names, error } = await readWatch(async (request, answer) => {
    expect(Object.fromEntries(request.query)).toEqual({ resourceVersion: '5', watch: 'true' });
    answer.status(200);
    const bytes = Buffer.from(`${event('a')}\n${event('ü€𝄞')}\n${event('c')}\n`);
    for (let at = 0; at < bytes.length; at += 7) {
      answer.write(bytes.subarray(at, at + 7));
      await wait(1);
    }
    answer.end();
  });
  expect(error).toBeUndefined();
  expect(names).toEqual(['a', 'ü€𝄞', 'c']);
});

test('an object of several megabytes comes whole', async () => {
  const name = 'x'.repeat(5_000_000);
  const { names } = await readWatch((_request, answer) => {
    answer.status(200);
    answer.end(`${event(name)}\n${event('b')}\n`);
  });
  expect(names).toEqual([name, 'b']);
});

test('a line that the end of the watch cut off is left out', async () => {
  const result = await readWatch((_request, answer) => {
    answer.status(200);
    answer.end(`${event('a')}\n${event('b').slice(0, 10)}`);
  });
  expect(result).toEqual({ names: ['a'], error: undefined });
});

test('an ERROR event is thrown, after the events before it', async () => {
  const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (2)' };
  const { names, error } = await readWatch((_request, answer) => {
    answer.status(200);
    answer.write(`${event('a')}\n${JSON.stringify({ type: 'ERROR', object: status })}\n`);
  });
  expect(names).toEqual(['a']);
  expect(error).toMatchObject({ code: 'Gone', status: 410, sentence: status.message });
});

test('a watch that is refused is thrown with its Status and Retry-After', async () => {
  const { error } = await readWatch((_request, answer) =>
    answer.json(429, { kind: 'Status', reason: 'TooManyRequests', message: 'slow down' }, { 'retry-after': '3' }),
  );
  expect(error).toMatchObject({ code: 'TooManyRequests', retryAfter: 3_000, sentence: 'slow down' });
});

test('onOpen is called when the watch is accepted, before any event, and not when it is refused', async () => {
  let opened = 0;
  const onOpen = (): void => {
    opened += 1;
  };
  await readWatch((_request, answer) => answer.json(500, {}), { onOpen });
  expect(opened).toBe(0);
  await server.stop();
  const reading = readWatch((_request, answer) => answer.status(200), { onOpen });
  await expect.poll(() => opened).toBe(1);
  stop.abort();
  expect(await reading).toEqual({ names: [], error: undefined });
});

test('a break of the connection is thrown after everything that came before it', async () => {
  const { names, error } = await readWatch(async (_request, answer) => {
    answer.status(200);
    answer.write(`${event('a')}\n${event('b')}\n`);
    await wait(30);
    for (const socket of server.sockets) socket.resetAndDestroy();
  });
  expect(names).toEqual(['a', 'b']);
  expect(error).toMatchObject({ code: 'Unavailable', status: 0 });
});

test('a slow reader still gets everything that came before the break', async () => {
  const { names, error } = await readWatch(
    async (_request, answer) => {
      answer.status(200);
      answer.write(`${event('a')}\n`);
      await wait(20);
      answer.write(`${event('b')}\n${event('c')}\n`);
      await wait(20);
      answer.break();
    },
    {},
    () => wait(100),
  );
  expect(names).toEqual(['a', 'b', 'c']);
  expect(error).toMatchObject({ code: 'Unavailable' });
});

test('silence is an error, a byte now and then is not', async () => {
  const { names, error } = await readWatch(
    async (_request, answer) => {
      answer.status(200);
      for (const name of ['a', 'b', 'c']) {
        await wait(150);
        answer.write(`${event(name, 'BOOKMARK')}\n`);
      }
    },
    { idle: 250 },
  );
  expect(names).toEqual(['a', 'b', 'c']);
  expect(error).toMatchObject({ code: 'Timeout', status: 0 });
});

test('the signal ends it at once and without an error, and no event comes after it', async () => {
  const { names, error } = await readWatch(
    (_request, answer) => {
      answer.status(200);
      answer.write(`${event('a')}\n${event('b')}\n`);
    },
    {},
    () => stop.abort(),
  );
  expect({ names, error }).toEqual({ names: ['a'], error: undefined });
});

test('a reader that leaves gives the stream back', async () => {
  server = await startScriptedServer((_request, answer) => {
    answer.status(200);
    answer.write(`${event('a')}\n`);
  });
  const client = server.buildClient();
  for (let count = 0; count < 300; count += 1) {
    for await (const _ of client.watch('/x', {}, new AbortController().signal)) break;
  }
  expect(server.requests).toHaveLength(300);
  expect(server.connections).toBe(1);
});

test('many watches at once all open, on as few connections as the limit of streams allows', async () => {
  server = await startScriptedServer((request, answer) => {
    answer.status(200);
    answer.write(`${event(request.path)}\n`);
  });
  const client = server.buildClient();
  stop = new AbortController();
  const names = await Promise.all(
    Array.from({ length: 250 }, async (_, index) => {
      for await (const { object } of client.watch(`/x/${index}`, {}, stop.signal)) return object;
      return undefined;
    }),
  );
  expect(names.filter((name) => name !== undefined)).toHaveLength(250);
  expect(server.connections).toBe(3);
});

test('a watch over HTTP/1.1 holds up neither calls nor other watches', async () => {
  server = await startScriptedServer((request, answer) => {
    if (!request.query.has('watch')) return answer.json(200, {});
    answer.status(200);
    answer.write(`${event(request.path)}\n`);
    return undefined;
  }, 'https');
  const client = server.buildClient();
  stop = new AbortController();
  const first = ['/a', '/b', '/c'].map((path) => client.watch(path, {}, stop.signal)[Symbol.asyncIterator]().next());
  expect(await Promise.all(first)).toHaveLength(3);
  expect(await client.get('/x')).toEqual({});
  stop.abort();
});

test('garbage is an error of its own', async () => {
  for (const line of ['nonsense', '{"type":"OTHER","object":{}}', 'null', '7']) {
    const { error } = await readWatch((_request, answer) => {
      answer.status(200);
      answer.write(`${line}\n`);
    });
    expect(error).toMatchObject({ code: 'Unknown', sentence: 'the watch sent a line that is no event' });
    await server.stop();
  }
});
