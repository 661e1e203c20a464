import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { buildFuzzedRequests, type FuzzedRequest } from './gateway/fuzzed-requests.ts';
import { callStatus, openSession } from './gateway/gateway-client.ts';
import { type RunningGateway, startGateway } from './gateway/start-gateway.ts';

const scene = useOperator();
/** How many requests; `FUZZ=100000` by hand. */
const count = Number(process.env.FUZZ ?? 3_000);
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
/** Of the upstream alone, so that it cannot be taken for an answer of the gateway. */
const reached = 299;
const documented = new Set([100, 200, 400, 401, 403, 404, 405, 406, 408, 413, 415, 417, 422, 429, 431, 503, reached]);

const arrived = new Map<string, IncomingMessage>();
// Takes longer headers than the gateway does: what is too long for it would be answered by it.
const upstream = createServer({ maxHeaderSize: 100_000 }, (request, response) => {
  arrived.set(String(request.headers['x-fuzz']), request);
  request.resume();
  request.on('end', () => response.writeHead(reached, { 'content-type': 'application/json' }).end('{}'));
});
let gateway: RunningGateway;
let token: string;
let other: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  const { desk } = scene;
  await Promise.all([desk.issue('shop'), desk.issue('other')]);
  gateway = await startGateway({ namespaces: [desk.namespace], upstream: `http://127.0.0.1:${port}` });
  await gateway.ready();
  token = (await openSession(gateway.origin, await desk.texts('shop-credentials'))).access;
  other = (await openSession(gateway.origin, await desk.texts('other-credentials'))).access;
});
afterAll(async () => {
  await gateway.stop();
  upstream.closeAllConnections();
  upstream.close();
});

interface Answer {
  readonly text: string;
  readonly statuses: readonly number[];
}

/** Milliseconds without an answer after which a request counts as one that the gateway waits for the rest of. */
const patience = 500;

/** Sends the bytes and collects what comes until the gateway ends the connection, or we do because it waits. */
function send({ text }: FuzzedRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end of the answer within 20 s; so far: ${answer}`));
    }, 20_000);
    socket.setEncoding('latin1').on('data', (part: string) => {
      answer += part;
    });
    // The gateway may close while we write: what it said before counts.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(late);
      clearTimeout(waiting);
      const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
      resolve({ text: answer, statuses });
    });
    socket.once('end', () => socket.end());
    const waiting = setTimeout(() => socket.end(), patience);
    socket.on('data', () => waiting.refresh());
    socket.write(text, 'latin1');
  });
}

/** What is wrong with an answer; `undefined` when nothing is. */
function findFault({ id, isGenuine, text }: FuzzedRequest, answer: Answer): string | undefined {
  const unknown = answer.statuses.find((status) => !documented.has(status));
  if (unknown !== undefined) return `status ${unknown}`;
  const [status] = answer.statuses.filter((each) => each !== 100);
  const seen = arrived.get(id);
  if (seen !== undefined && !isGenuine) return 'reached the upstream without a good token';
  // A body is passed on as it comes: one that turns out to be none is 400, and the upstream sees it break off.
  const isBroken = status === 400 && seen?.complete === false;
  if (seen !== undefined && status !== undefined && status !== reached && !isBroken) {
    return `${status}, and reached the upstream`;
  }
  if (seen === undefined && status === reached) return 'an answer of the upstream to something else';
  const isRead = seen?.method === 'GET' || seen?.method === 'HEAD' || /\/search$/.test(seen?.url?.split('?')[0] ?? '');
  if (seen !== undefined && !isRead) return `the write ${seen.method} ${seen.url} of a read-only role`;
  const isPlain = seen === undefined || /^\/api\/rest\/v1\b/.test(seen.url ?? '');
  if (!isPlain || /\/\.\.?(\/|$)|\\/.test(decodeURIComponent(seen?.url?.split('?')[0] ?? '')))
    return `the path ${seen?.url}`;
  if (seen?.headers.authorization !== undefined) return "the upstream saw the client's token";
  return status !== undefined && status >= 400 && !text.startsWith('HEAD ')
    ? findBodyFault(answer.text, status)
    : undefined;
}

/** Errors are `{"code", "message"}`, of exactly one type. */
function findBodyFault(text: string, status: number): string | undefined {
  const [head = '', body = ''] = text.slice(text.indexOf(`HTTP/1.1 ${status}`)).split('\r\n\r\n');
  if (!/^content-type: application\/json$/im.test(head)) return `${status} of another type`;
  return body.startsWith(`{"code":${status},"message":`) ? undefined : `${status} with the body ${body}`;
}

/** Resident memory in bytes. */
async function readMemory(): Promise<number> {
  const metrics = await (await fetch(`${gateway.admin}/metrics`)).text();
  return Number(/^connection_gateway_process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]);
}

test(`${count} requests with seed ${seed}`, { timeout: 300_000 }, async () => {
  const jwks = await (await fetch(`${gateway.origin}/.well-known/jwks.json`)).text();
  const requests = fc.sample(buildFuzzedRequests(token, other, jwks), { numRuns: count, seed });
  const faults: string[] = [];
  const counts = new Map<number | undefined, number>();
  const queue = requests.values();
  const work = async (): Promise<void> => {
    for (const request of queue) {
      const answer = await send(request);
      const fault = findFault(request, answer);
      if (fault !== undefined)
        faults.push(`${fault}: ${JSON.stringify(request.text.replace(token, 'GENUINE').slice(0, 600))}`);
      const [status] = answer.statuses;
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  expect(faults).toEqual([]);
  expect(arrived.has('smuggled')).toBe(false);
  // The fuzz is worth something: a good part of it got past the parser, some of it all the way.
  for (const status of [400, 401, 403, reached])
    expect(counts.get(status) ?? 0, `${status}`).toBeGreaterThan(count / 200);
  expect(await callStatus(gateway.origin, '/api/rest/v1/products', token)).toBe(reached);
  expect(gateway.lines.filter((line) => line.includes('a request failed'))).toEqual([]);
  expect(gateway.lines.filter((line) => line.includes(token))).toEqual([]);
  // With V8 as it is by itself it stays at 340 MB, after 10,000 requests as after 80,000.
  expect(await readMemory()).toBeLessThan(450e6);
});
