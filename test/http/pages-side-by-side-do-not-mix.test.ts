import { Agent, get } from 'node:http';
import { get as getSecure, Agent as SecureAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { buildCertificate } from './build-certificate.ts';
import { openHttp2Session } from './open-http2-session.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';

const publicBase = 'https://api.example.com';
const headers = { authorization: 'Bearer erp' };
const [count, clients] = [100, 25];

/** Some 200 kB in which every item says whose they are, with a link in each; or more than any socket takes at once. */
function buildPage(origin: string, owner: number): string {
  const items = Array.from(
    { length: owner % 20 === 3 ? 20_000 : 400 + (owner % 7) * 100 },
    (_, index) => `{"_links":{"self":{"href":"${origin}/x/${owner}-${index}"}},"text":"${`${owner} `.repeat(60)}"}`,
  );
  return `{"_embedded":{"items":[${items.join(',')}]}}`;
}

/** Reads all of a body, some of it, or all of it slowly. */
async function take(body: Readable, pace: 'fast' | 'slow' | 'leaving'): Promise<string | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of body) {
      parts.push(part as Buffer);
      if (pace === 'leaving') return undefined;
      if (pace === 'slow') await sleep(5);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(parts).toString('utf8');
}

const paceOf = (index: number): 'fast' | 'slow' | 'leaving' =>
  index % 5 === 0 ? 'leaving' : index % 3 === 0 ? 'slow' : 'fast';

test.each(['HTTP/1.1', 'TLS', 'HTTP/2'])('over %s, whether clients are fast, slow or leave', async (protocol) => {
  const upstream = await startUpstream((request, response) => {
    const owner = Number(/owner=(\d+)/.exec(request.url ?? '')?.[1]);
    response.setHeader('content-type', 'application/json').end(buildPage(upstream.origin, owner));
  });
  const certificate = protocol === 'TLS' ? { certificate: buildCertificate('gateway') } : {};
  const config = `publicUrl: ${publicBase}\nlimits: { concurrent: 0, perSecond: 0 }\n`;
  const { port } = await startTestGateway({ upstream: upstream.origin, config, ...certificate });
  const ask = openClient(protocol, port);
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const owner = next++;
      const text = await take(await ask(`/api/rest/v1/products?owner=${owner}`), paceOf(owner));
      // Not by `toBe`, which would print all of both.
      if (text !== undefined) expect(text === buildPage(publicBase, owner), `page ${owner}`).toBe(true);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
});

function openClient(protocol: string, port: number): (path: string) => Promise<Readable> {
  if (protocol === 'HTTP/2') {
    const session = openHttp2Session(`http://127.0.0.1:${port}`);
    return async (path) => session.request({ ':path': path, ...headers }).on('error', () => undefined);
  }
  const isSecure = protocol === 'TLS';
  const options = { keepAlive: true, maxSockets: clients };
  const agent = isSecure ? new SecureAgent({ ...options, rejectUnauthorized: false }) : new Agent(options);
  onTestFinished(() => agent.destroy());
  return (path) =>
    new Promise((resolve, reject) => {
      const start = isSecure ? getSecure : get;
      start({ host: '127.0.0.1', port, path, agent, headers }, resolve).on('error', reject);
    });
}
