import { createHash } from 'node:crypto';
import type { Connection, ConnectionSpec } from '../../../../src/api/generated/connection.ts';
import { keyAnnotations, secretAnnotations } from '../../../../src/api/names.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import { buildKeyRing, type KeyRing } from '../../../../src/credentials/key-ring.ts';
import { readKeyRing } from '../../../../src/credentials/key-secret.ts';
import type { RandomSource } from '../../../../src/credentials/random-source.ts';
import { isKubeError } from '../../../../src/kube/kube-error.ts';
import type { EventDraft, Tools } from '../../../../src/operator/decide/decision.ts';
import { decideKeys } from '../../../../src/operator/keys/decide-keys.ts';
import { findNamedKeys } from '../../../../src/operator/keys/find-named-keys.ts';
import { ModelOperator } from './model-operator.ts';
import { ModelServer, type Mutable } from './model-server.ts';

/** An event with when it was recorded. */
export interface RecordedEvent extends EventDraft {
  readonly uid: string;
}

/** 2026-03-01T00:00:00Z. */
const begin = 1_772_323_200_000;
export const minute = 60_000;
export const hour = 3_600_000;

/** What a world may be like from the start. */
export interface WorldOptions {
  readonly seed?: number;
  readonly spec?: Partial<ConnectionSpec>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly gatewayUrl?: string;
  /** A Secret that its owner gives away to the Connection: its keys and plain values. */
  readonly given?: Readonly<Record<string, string>>;
}

/** One Connection `shop/erp`, the operators that look after it, the keys, the clock, and what came of it. */
export class World {
  readonly path: { readonly namespace: string; readonly name: string } = { namespace: 'shop', name: 'erp' };
  readonly key = 'shop/erp';
  readonly secretKey = 'shop/erp-credentials';
  readonly server: ModelServer = new ModelServer(begin);
  readonly operators: readonly ModelOperator[];
  readonly events: RecordedEvent[] = [];
  readonly recentNames: Set<string> = new Set();
  readonly random: RandomSource;
  readonly gatewayUrl: string | undefined;
  /** Whether the role that the Connection names exists; operators see it when they restart. */
  hasRole = true;
  /** Bodies that operators sent, whether or not they were stored. */
  readonly bodies: object[] = [];
  /** Calls of the slow hash. */
  slowHashes = 0;
  /** Failures of a pass that were no conflicts. */
  readonly failures: unknown[] = [];
  readonly allKeys: Map<string, Uint8Array> = new Map();
  #keySecret: Secret;

  constructor({ seed = 1, spec = {}, annotations, gatewayUrl, given }: WorldOptions = {}) {
    this.random = buildRandom(seed);
    this.gatewayUrl = gatewayUrl;
    this.#keySecret = this.#makeKeySecret();
    if (given) this.#giveAway(given);
    this.createConnection({ label: 'ERP', flowType: 'Source', ...spec }, annotations);
    this.operators = [new ModelOperator(this, 'operator-0'), new ModelOperator(this, 'operator-1')];
    for (const operator of this.operators) operator.restart();
  }

  get ring(): KeyRing {
    return readKeyRing(this.#keySecret.data) ?? buildKeyRing(new Map());
  }

  get first(): ModelOperator {
    const [first] = this.operators;
    if (!first) throw new Error('a world has an operator');
    return first;
  }

  get connection(): Connection {
    return this.server.readConnection(this.key);
  }

  /** The Secret of the Connection's name, whoever wrote it. */
  get secret(): Secret | undefined {
    return [...this.server.secrets].find(({ metadata }) => metadata.name === 'erp-credentials');
  }

  /** The slow hash, made quick. It can be told from an HMAC, and it tells nothing about what went in. */
  get bcrypt(): Tools['bcrypt'] {
    const hash = async (text: string): Promise<string> => {
      this.slowHashes++;
      return quickHash(text);
    };
    return { hash, compare: async (text, hashed) => (await hash(text)) === hashed };
  }

  record(connection: Connection, events: readonly EventDraft[]): void {
    this.events.push(...events.map((event) => ({ ...event, uid: connection.metadata.uid })));
  }

  onBody(body: object): void {
    this.bodies.push(body);
  }

  /** An answer that was lost ends a pass, and the queue tries again. Anything else is a bug. */
  onFailure(error: unknown, end: () => void): void {
    if (!isKubeError(error, 'Timeout')) this.failures.push(error);
    end();
  }

  createConnection(spec: ConnectionSpec, annotations: Readonly<Record<string, string>> = {}): void {
    const { namespace, name } = this.path;
    this.server.createConnection(namespace, name, {
      spec,
      metadata: { annotations } as unknown as Connection['metadata'],
    });
  }

  editSecret(edit: (secret: Mutable<Secret>) => void): void {
    const { secret } = this;
    if (!secret) return;
    const edited = this.server.readSecret(this.secretKey) as Mutable<Secret>;
    edit(edited);
    this.server.replaceSecret('person', edited as Secret);
  }

  /** What `rotate-keys` does: a new key is the newest, those that nothing names go. */
  rotateKeys(): void {
    const annotations = { [keyAnnotations.rotate]: String(this.random(4).join()) };
    this.#decideKeys({ ...this.#keySecret, metadata: { ...this.#keySecret.metadata, annotations } });
  }

  /** Time has passed; keys that nothing names any more go. */
  dropKeys(): void {
    this.#decideKeys(this.#keySecret);
  }

  loseKeys(): void {
    this.#keySecret = this.#makeKeySecret();
  }

  /** The Connection is deleted and created anew without a status, the Secret stays without its owner. */
  restoreBackup(secret: Secret | undefined): void {
    const { spec, metadata } = this.connection;
    const annotations = metadata.annotations ?? {};
    const { clientId, username } = this.connection.status ?? {};
    this.server.deleteConnection(this.key);
    for (const name of [clientId, username]) if (name !== undefined) this.recentNames.add(name);
    if (this.secret) this.server.deleteSecret('person', this.secretKey);
    this.createConnection(spec, annotations);
    if (secret) {
      const { ownerReferences: _owners, ...rest } = secret.metadata;
      this.server.createSecret('person', { ...secret, metadata: rest });
    }
  }

  #giveAway(texts: Readonly<Record<string, string>>): void {
    const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    const metadata = { ...this.path, name: 'erp-credentials', annotations: { [secretAnnotations.adopt]: 'erp' } };
    const draft = { apiVersion: 'v1', kind: 'Secret', data: Object.fromEntries(data) } as const;
    this.server.createSecret('person', { ...draft, metadata: { ...metadata, labels: {}, ownerReferences: [] } });
  }

  #makeKeySecret(): Secret {
    const metadata = { namespace: 's', name: 'keys', uid: 'k', resourceVersion: '1', creationTimestamp: '' };
    const { data } = decideKeys(
      { secret: undefined, named: undefined, signingKeyInterval: Number.POSITIVE_INFINITY },
      this.server.now,
      this.random,
    );
    return this.#keep({ metadata, data });
  }

  #decideKeys(secret: Secret): void {
    const named = findNamedKeys({
      connections: { values: () => this.server.connections } as never,
      secrets: { values: () => this.server.secrets } as never,
    });
    const observed = { secret, named, signingKeyInterval: Number.POSITIVE_INFINITY };
    const { data } = decideKeys(observed, this.server.now, this.random);
    this.#keySecret = this.#keep({ ...secret, data });
  }

  #keep(secret: Secret): Secret {
    for (const [name, bytes] of Object.entries(secret.data ?? {})) {
      if (name.startsWith('verifier-')) this.allKeys.set(name.slice('verifier-'.length), Buffer.from(bytes, 'base64'));
    }
    return secret;
  }
}

/** What {@link World.bcrypt} makes of a text. */
export function quickHash(text: string): string {
  return `$2b$10$${createHash('sha256').update(text).digest('hex').slice(0, 53)}`;
}

/** Bytes that look random and are the same for the same seed (mulberry32). */
export function buildRandom(seed: number): RandomSource {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 24) & 0xff;
  };
  return (bytes) => Uint8Array.from({ length: bytes }, next);
}
