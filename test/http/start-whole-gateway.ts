import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { defaultGroupSpec, defaultRoleSpec } from '../../src/api/default-objects.ts';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { KeyRing } from '../../src/credentials/key-ring.ts';
import { parseConfig } from '../../src/gateway/config/parse-config.ts';
import { buildGatewayKeys } from '../../src/gateway/keys/gateway-keys.ts';
import { startGateway } from '../../src/gateway/start-gateway.ts';
import { silentLog } from '../../src/kube/kube-log.ts';
import { reservePort } from '../../tools/reserve-port.ts';
import {
  type ConnectorValues,
  type IssueOptions,
  issueConnection,
} from '../unit/gateway/credentials/issue-connection.ts';
import { MemoryCluster } from '../unit/gateway/directory/memory-cluster.ts';
import { buildKeySecret, makeKeyData } from '../unit/gateway/keys/build-key-secret.ts';
import { basic } from '../unit/gateway/token/token-desk.ts';

/** A cluster in memory with keys, and the role and group that the operator makes. */
export class SmallCluster {
  readonly memory: MemoryCluster = new MemoryCluster();
  readonly #keyData = makeKeyData();

  static async open(): Promise<SmallCluster> {
    const cluster = new SmallCluster();
    await cluster.memory.put(buildKeySecret(cluster.#keyData));
    await cluster.putRole('user', defaultRoleSpec);
    await cluster.put('ConnectionGroup', 'all', defaultGroupSpec);
    return cluster;
  }

  get ring(): KeyRing {
    const ring = buildGatewayKeys(this.#keyData)?.ring;
    if (ring === undefined) throw new Error('no verifier keys');
    return ring;
  }

  /** An issued Connection. */
  async issue(options: IssueOptions & { readonly labels?: Readonly<Record<string, string>> } = {}): Promise<Issued> {
    const { connection, values } = issueConnection(this.ring, options);
    const metadata = { ...connection.metadata, ...(options.labels && { labels: options.labels }) };
    return { connection: await this.memory.put({ ...connection, metadata }), values };
  }

  putRole(name: string, spec: object): Promise<object> {
    return this.put('ConnectionRole', name, spec);
  }

  put(kind: 'ConnectionRole' | 'ConnectionGroup', name: string, spec: object): Promise<object> {
    return this.memory.put({ apiVersion: 'connect.pim.dev/v1beta1', kind, metadata: { name }, spec });
  }
}

export interface Issued {
  readonly connection: Connection;
  readonly values: ConnectorValues;
}

export interface WholeGateway {
  readonly origin: string;
  readonly port: number;
  readonly admin: string;
  close(): Promise<void>;
}

/** The rest of a configuration file; `listen`, `admin` and, unless it is said, `flows.store` are of the test. */
export interface WholeOptions {
  readonly cluster: SmallCluster;
  readonly upstream: string;
  /** Further lines of the file. */
  readonly config?: string;
  /** Further fields of `upstream`, as in `auth: {…}`. */
  readonly upstreamFields?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts everything that the program starts, from the text of a configuration file, on a cluster in memory. It ends with
 * the test.
 */
export async function startWholeGateway(options: WholeOptions): Promise<WholeGateway> {
  const { cluster, upstream, config = '', upstreamFields = '', environment = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'whole-gateway-'));
  const adminPort = await reservePort();
  const store = config.includes('flows:') ? '' : `flows: {store: "sqlite:${join(folder, 'connection.db')}"}\n`;
  const lines = ['listen: 127.0.0.1:0', `admin: 127.0.0.1:${adminPort}`, 'upstream:', `  url: ${upstream}`];
  const text = `${lines.join('\n')}\n  ${upstreamFields}\n${store}${config}`;
  const ending = new AbortController();
  const gateway = await startGateway({
    config: parseConfig('gateway.yaml', text, environment),
    client: cluster.memory.client,
    openViewer: () => cluster.memory.client,
    log: silentLog,
    signal: ending.signal,
  });
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await gateway.close(0);
    ending.abort();
    rmSync(folder, { recursive: true, force: true });
  };
  onTestFinished(close);
  const scheme = config.includes('tls:') ? 'https' : 'http';
  const origin = `${scheme}://127.0.0.1:${gateway.port}`;
  return { origin, port: gateway.port, admin: `http://127.0.0.1:${adminPort}`, close };
}

/** Asks for tokens as most clients do: a form, Basic. */
export async function askTokens(
  { origin }: Pick<WholeGateway, 'origin'>,
  client: ConnectorValues,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const body = new URLSearchParams(fields);
  return fetch(`${origin}/api/oauth/v1/token`, {
    method: 'POST',
    body,
    headers: { authorization: basic(client), ...headers },
  });
}

/** What a login gets. */
export interface LoginAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

/** Logs in; throws when that is refused. */
export async function logIn(
  gateway: Pick<WholeGateway, 'origin'>,
  client: ConnectorValues,
  user: ConnectorValues = client,
): Promise<LoginAnswer> {
  const { username, password } = user;
  const answer = await askTokens(gateway, client, { grant_type: 'password', username, password });
  if (answer.status !== 200) throw new Error(`a login was refused: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as LoginAnswer;
}
