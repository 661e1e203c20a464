import { Agent, type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Method } from '../../src/access/read-method.ts';
import type { ConnectionGroupSpec } from '../../src/api/generated/connection-group.ts';
import type { SamplePim } from '../unit/gateway/catalog/pim/sample-pim.ts';
import { buildConnection } from './build-connection.ts';
import { type ServedPim, startSamplePim } from './start-sample-pim.ts';
import { startTestGateway } from './start-test-gateway.ts';

/** What came back to the connector. */
export interface Said {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Parsed, when it is JSON. */
  readonly json: Record<string, unknown>;
}

/** The gateway in front of a sample PIM, both on their ports, and a connector that may call every route. */
export interface GuardedPim {
  readonly origin: string;
  readonly pim: SamplePim;
  readonly upstream: ServedPim;
  /** @param target behind `/api/rest/v1/`, byte for byte */
  call(group: ConnectionGroupSpec, method: Method, target: string, body?: string): Promise<Said>;
}

/** Every route of the table, whatever it needs beyond permissions. */
const everything = [{ methods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'], paths: ['/api/rest/v1/**'] }] as const;

/** Stops when the test is over. */
export async function startGuardedPim(pim: SamplePim): Promise<GuardedPim> {
  const upstream = await startSamplePim(pim);
  const gateway = await startTestGateway({
    upstream: upstream.origin,
    config: 'limits: {concurrent: 0, perSecond: 0}',
  });
  const full = gateway.directory.roles.get('full');
  gateway.directory.roles.set('full', { ...full, rules: everything } as never);
  gateway.add(buildConnection('shop', { roleRef: { name: 'full' }, groupRef: { name: 'some' } }));
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return {
    origin: gateway.origin,
    pim,
    upstream,
    call: (group, method, target, body) => {
      gateway.directory.groups.set('some', group);
      const isCollection = method === 'PATCH' && /^[\w-]+(?:\?|$)/.test(target);
      const type = isCollection ? 'application/vnd.akeneo.collection+json' : 'application/json';
      return new Promise((resolve, reject) => {
        const sent = request(gateway.origin, {
          agent,
          method,
          path: `/api/rest/v1/${target}`,
          headers: {
            authorization: 'Bearer shop',
            ...(body !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
          },
        });
        sent.once('error', (error) => reject(new Error(`${method} ${target} ${error.message}`)));
        sent.once('response', (reply) => readSaid(reply).then(resolve, reject));
        sent.end(body);
      });
    },
  };
}

async function readSaid(reply: IncomingMessage): Promise<Said> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const said = { status: reply.statusCode ?? 0, headers: reply.headers, text };
  try {
    return { ...said, json: JSON.parse(text) as Record<string, unknown> };
  } catch {
    return { ...said, json: {} };
  }
}
