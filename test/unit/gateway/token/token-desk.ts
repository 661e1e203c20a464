import { onTestFinished } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import type { ConnectionRole } from '../../../../src/api/generated/connection-role.ts';
import type { Part } from '../../../../src/api/names.ts';
import type { KeyRing } from '../../../../src/credentials/key-ring.ts';
import { buildValueChecker } from '../../../../src/gateway/credentials/check-value.ts';
import { buildGuessLimiter } from '../../../../src/gateway/credentials/guess-limiter.ts';
import { buildSlowCompare } from '../../../../src/gateway/credentials/slow-compare.ts';
import { WatchedDirectory } from '../../../../src/gateway/directory/watched-directory.ts';
import { WatchedKeys } from '../../../../src/gateway/keys/watched-keys.ts';
import { openStore } from '../../../../src/gateway/store/open-store.ts';
import { type Store, StoreError } from '../../../../src/gateway/store/store.ts';
import { handleIntrospect } from '../../../../src/gateway/token/introspection-endpoint.ts';
import { buildKnownTokens } from '../../../../src/gateway/token/known-tokens.ts';
import type { OwnReply, OwnRequest } from '../../../../src/gateway/token/own-request.ts';
import { handleRevoke } from '../../../../src/gateway/token/revocation-endpoint.ts';
import { RevocationList } from '../../../../src/gateway/token/revocation-list.ts';
import type { TokenContext, TokenOutcome } from '../../../../src/gateway/token/token-context.ts';
import { handleToken } from '../../../../src/gateway/token/token-endpoint.ts';
import type { TokenSettings } from '../../../../src/gateway/token/token-settings.ts';
import {
  type AccessTokenVerifier,
  buildAccessTokenVerifier,
  type VerifiedToken,
} from '../../../../src/gateway/token/verify-access-token.ts';
import { silentLog } from '../../../../src/kube/kube-log.ts';
import { type ConnectorValues, type IssueOptions, issueConnection } from '../credentials/issue-connection.ts';
import { MemoryCluster } from '../directory/memory-cluster.ts';
import { buildKeySecret, makeKeyData } from '../keys/build-key-secret.ts';

/** The tokens of a reply. */
export interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** What the token code reported. */
export interface Reported {
  readonly used: [clientUid: string, userUid: string][];
  readonly wrongPairs: [clientUid: string, userUid: string][];
  readonly retired: [uid: string, part: Part, version: string][];
  readonly outcomes: TokenOutcome[];
  /** When answers were held back, by the desk's clock. */
  readonly heldBack: number[];
}

export interface DeskOptions {
  readonly settings?: Partial<TokenSettings>;
  /** A store and a cluster to share with another desk; absent: its own. */
  readonly store?: Store;
  readonly cluster?: MemoryCluster;
  /** Data of the key Secret; absent: one new key of each kind. */
  readonly keyData?: Readonly<Record<string, string>>;
}

const settings: TokenSettings = {
  name: 'default',
  issuer: 'https://api.example.com',
  accessLifetime: 3600,
  refreshLifetime: 1_209_600,
  pairing: 'warn',
};
const origin = 'https://api.example.com';

/** A gateway's token part with everything real but the API server; its clock stands still until it is moved. */
export class TokenDesk {
  readonly cluster: MemoryCluster;
  readonly directory: WatchedDirectory;
  readonly keys: WatchedKeys;
  readonly context: TokenContext;
  readonly reported: Reported = { used: [], wrongPairs: [], retired: [], outcomes: [], heldBack: [] };
  /** Milliseconds since the epoch. */
  now: number = Date.now();
  isStale = false;
  /** As if the store gave no answer. */
  isStoreAway = false;
  readonly #stop = new AbortController();
  readonly #verify: AccessTokenVerifier;

  constructor(cluster: MemoryCluster, store: Store, given: Partial<TokenSettings>) {
    this.cluster = cluster;
    const { client } = cluster;
    this.directory = new WatchedDirectory({ client, log: silentLog, namespaces: [], selector: '' });
    const secret = { namespace: 'connection-system', name: 'connection-keys' };
    this.keys = new WatchedKeys({ client, log: silentLog, secret });
    const guarded = this.#guard(store);
    const slow = buildSlowCompare();
    onTestFinished(async () => {
      this.#stop.abort();
      await slow.close();
    });
    const { used, wrongPairs, retired, outcomes } = this.reported;
    const uidOf = ({ metadata }: Connection): string => metadata.uid;
    this.context = {
      settings: { ...settings, ...given },
      directory: this.directory,
      keys: () => this.keys.current,
      checker: buildValueChecker(slow, buildGuessLimiter()),
      store: guarded,
      revoked: new RevocationList(guarded, () => this.now),
      known: buildKnownTokens(),
      clock: () => this.now,
      isStale: () => this.isStale,
      holdBack: async () => void this.reported.heldBack.push(this.now),
      reports: {
        used: (client, user) => used.push([uidOf(client), uidOf(user)]),
        wrongPair: (client, user) => wrongPairs.push([uidOf(client), uidOf(user)]),
        retired: (connection, part, version) => retired.push([uidOf(connection), part, version]),
        counted: (outcome) => outcomes.push(outcome),
      },
    };
    this.#verify = buildAccessTokenVerifier(this.context);
  }

  static async open(options: DeskOptions = {}): Promise<TokenDesk> {
    const store = options.store ?? (await openMemoryStore());
    const cluster = options.cluster ?? new MemoryCluster();
    if (!options.cluster) await cluster.put(buildKeySecret(options.keyData ?? makeKeyData()));
    const desk = new TokenDesk(cluster, store, options.settings ?? {});
    await Promise.all([
      desk.directory.start(desk.#stop.signal).catch(() => {}),
      desk.keys.start(desk.#stop.signal).catch(() => {}),
    ]);
    await desk.context.revoked.start(desk.#stop.signal, () => {});
    // Both watches are under way.
    await new Promise((resolve) => setImmediate(resolve));
    return desk;
  }

  get ring(): KeyRing {
    const ring = this.keys.current?.ring;
    if (!ring) throw new Error('no verifier keys');
    return ring;
  }

  /** A new Connection that the gateway knows. */
  async issue(options: IssueOptions = {}): Promise<{ connection: Connection; values: ConnectorValues }> {
    const { connection, values } = issueConnection(this.ring, options);
    return { connection: await this.cluster.put(connection), values };
  }

  async putRole(name: string, spec: ConnectionRole['spec']): Promise<void> {
    await this.cluster.put({ apiVersion: 'connect.pim.dev/v1beta1', kind: 'ConnectionRole', metadata: { name }, spec });
  }

  token(request: Partial<OwnRequest> & { readonly headers?: Readonly<Record<string, string>> }): Promise<OwnReply> {
    return handleToken(this.context, buildRequest(request));
  }

  /** Asks with a form and Basic, as most clients do. */
  ask(client: ConnectorValues, fields: Readonly<Record<string, string>>, network?: string): Promise<OwnReply> {
    return this.token({ ...buildForm(client, fields), ...(network !== undefined && { network }) });
  }

  login(client: ConnectorValues, user: ConnectorValues = client): Promise<OwnReply> {
    return this.ask(client, { grant_type: 'password', username: user.username, password: user.password });
  }

  async loginWell(client: ConnectorValues, user: ConnectorValues = client): Promise<TokenPair> {
    return readPair(await this.login(client, user));
  }

  refresh(client: ConnectorValues, token: string): Promise<OwnReply> {
    return this.ask(client, { grant_type: 'refresh_token', refresh_token: token });
  }

  async refreshWell(client: ConnectorValues, token: string): Promise<TokenPair> {
    return readPair(await this.refresh(client, token));
  }

  revoke(client: ConnectorValues, token: string): Promise<OwnReply> {
    return handleRevoke(this.context, buildRequest(buildForm(client, { token })));
  }

  async introspect(client: ConnectorValues, token: string): Promise<Record<string, unknown>> {
    const reply = await handleIntrospect(this.context, buildRequest(buildForm(client, { token })));
    if (reply.status !== 200) throw new Error(`introspection: ${reply.status}`);
    return JSON.parse(reply.body);
  }

  /** What a call with this access token is worth; as the text of the header when it has a blank. */
  verify(token: string): VerifiedToken {
    return this.#verify(token.includes(' ') ? token : `Bearer ${token}`, this.now);
  }

  /** `valid`, or the sentence of the 401. */
  async judge(token: string): Promise<string> {
    const verified = await this.verify(token);
    return verified.kind === 'valid' ? 'valid' : verified.message;
  }

  #guard(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          if (this.isStoreAway) throw new StoreError('away');
          return method.apply(target, given);
        };
      },
    });
  }
}

export async function openMemoryStore(): Promise<Store> {
  const store = await openStore('sqlite::memory:');
  onTestFinished(() => store.close());
  return store;
}

/** A POST with nothing in it but what is given. */
export function buildRequest(
  request: Partial<OwnRequest> & { readonly headers?: Readonly<Record<string, string>> } = {},
): OwnRequest {
  const { headers = {}, ...rest } = request;
  const header = (name: string): string | undefined => headers[name];
  const [network, path] = ['192.0.2.1', '/api/oauth/v1/token'];
  return { method: 'POST', path, header, body: Buffer.alloc(0), network, publicOrigin: origin, ...rest };
}

export function buildForm(
  client: Pick<ConnectorValues, 'clientId' | 'clientSecret'>,
  fields: Readonly<Record<string, string>>,
): { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer } {
  const headers = { authorization: basic(client), 'content-type': 'application/x-www-form-urlencoded' };
  return { headers, body: Buffer.from(new URLSearchParams(fields).toString()) };
}

export function basic({ clientId, clientSecret }: Pick<ConnectorValues, 'clientId' | 'clientSecret'>): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** Throws for any reply that is not 200. */
export function readPair(reply: OwnReply): TokenPair {
  if (reply.status !== 200) throw new Error(`no tokens: ${reply.status} ${reply.body}`);
  return JSON.parse(reply.body);
}

/** Status and message of an error. */
export function readError({ status, body }: OwnReply): readonly [number, unknown] {
  return [status, body === '' ? undefined : JSON.parse(body).message];
}
