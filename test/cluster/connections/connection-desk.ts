import { expect } from 'vitest';
import type { Condition, Connection, ConnectionSpec, ConnectionStatus } from '../../../src/api/generated/connection.ts';
import type { Secret } from '../../../src/api/secret.ts';
import type { WriteRecord } from '../../../tools/control-plane/read-audit-log.ts';
import type { ApiAnswer, ApiRequest } from '../../../tools/control-plane/send-request.ts';
import { eventually, type Patience } from '../control-plane/eventually.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import { operatorKubeconfig } from '../control-plane/start-operator.ts';
import { buildConnection } from '../manifests/build-connection.ts';
import { collectionPath } from '../manifests/read-manifests.ts';

/** User name of the operator at the API server. */
export const operatorUser = 'system:serviceaccount:connection-system:connection-operator';

/** `metadata` of a Connection that a test writes, its name aside. */
export interface Metadata {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** An event as `kubectl get events` shows it. */
export interface EventRecord {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** What a person with all rights does with Connections and Secrets of one namespace. Whatever fails throws. */
export class ConnectionDesk {
  readonly namespace: string;
  /** Every generated secret and password that was ever read here. */
  readonly seen: Set<string> = new Set();

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** Creates a Connection and returns it as it was stored. */
  create(name: string, spec: Partial<ConnectionSpec> = {}, metadata: Metadata = {}): Promise<Connection> {
    const manifest = buildConnection(name, spec);
    const body = { ...manifest, metadata: { ...metadata, ...manifest.metadata } };
    return this.#send<Connection>({ method: 'POST', path: this.#connections(), body });
  }

  /** Creates a Connection and waits until it was issued. */
  async issue(name: string, spec: Partial<ConnectionSpec> = {}, metadata: Metadata = {}): Promise<Connection> {
    await this.create(name, spec, metadata);
    return this.waitFor(name, 'Issued');
  }

  read(name: string): Promise<Connection> {
    return this.#send<Connection>({ path: this.#connections(name) });
  }

  /** Lays a merge patch over a Connection: `null` takes a field away. */
  patch(name: string, body: object): Promise<Connection> {
    return this.#send<Connection>({ method: 'PATCH', path: this.#connections(name), body });
  }

  /** Sets annotations of a Connection; `null` takes one away. */
  annotate(name: string, annotations: Readonly<Record<string, string | null>>): Promise<Connection> {
    return this.patch(name, { metadata: { annotations } });
  }

  /** Sets an annotation and waits until it was acted on. */
  async request(name: string, annotation: string, token: string): Promise<Connection> {
    await this.annotate(name, { [annotation]: token });
    return this.waitUntil(name, (connection) => {
      expect(connection.status?.rotation?.handled).toContainEqual({ annotation, token });
    });
  }

  /** Writes a status as the operator, who alone may: what a test cannot wait for or a restore would write. */
  async writeStatus(name: string, edit: (status: ConnectionStatus) => ConnectionStatus): Promise<void> {
    const kubeconfig = await operatorKubeconfig();
    const path = `${this.#connections(name)}/status`;
    await eventually(async () => {
      const connection = await this.read(name);
      const body = { ...connection, status: edit(connection.status ?? {}) };
      const answer = await sharedCluster().request({ method: 'PUT', path, body }, kubeconfig);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    });
  }

  async delete(name: string): Promise<void> {
    await this.#send({ method: 'DELETE', path: this.#connections(name) });
  }

  /** Waits until `Ready` of the current generation has this reason. */
  waitFor(name: string, reason: string, patience: Patience = {}): Promise<Connection> {
    return this.waitUntil(name, (connection) => expect(readyOf(connection)).toMatchObject({ reason }), patience);
  }

  /** Waits until a check passes on a Connection whose status is of its current generation and has nothing pending. */
  waitUntil(name: string, check: (connection: Connection) => void, patience: Patience = {}): Promise<Connection> {
    return eventually(async () => {
      const connection = await this.read(name);
      expect(connection.status?.observedGeneration).toBe(connection.metadata.generation);
      expect(JSON.stringify(connection.status?.credentials ?? {})).not.toContain('"pending"');
      check(connection);
      return connection;
    }, patience);
  }

  /** The Secret of this name; `<connection>-credentials` unless a test chose another. */
  async secret(name: string): Promise<Secret> {
    return this.remember(await this.#send<Secret>({ path: this.#secrets(name) }));
  }

  /** The plain texts of a Secret. */
  async texts(name: string): Promise<Readonly<Record<string, string>>> {
    return textsOf(await this.secret(name));
  }

  async isSecretThere(name: string): Promise<boolean> {
    const { status } = await sharedCluster().request({ path: this.#secrets(name) });
    return status !== 404;
  }

  createSecret(body: object): Promise<Secret> {
    return this.#send<Secret>({
      method: 'POST',
      path: this.#secrets(),
      body: { apiVersion: 'v1', kind: 'Secret', ...body },
    });
  }

  /** `manager` is the field manager that the write is done as. */
  async patchSecret(name: string, body: object, manager = 'kubectl-edit'): Promise<Secret> {
    const path = `${this.#secrets(name)}?fieldManager=${manager}`;
    return this.remember(await this.#send<Secret>({ method: 'PATCH', path, body }));
  }

  async deleteSecret(name: string): Promise<void> {
    await this.#send({ method: 'DELETE', path: this.#secrets(name) });
  }

  /** The events about one Connection, oldest first. They come after the status that they are about: wait for them. */
  async events(name: string): Promise<readonly EventRecord[]> {
    const path = `/apis/events.k8s.io/v1/namespaces/${this.namespace}/events`;
    const { items } = await this.#send<{ items: readonly RawEvent[] }>({ path });
    return items
      .filter(({ regarding }) => regarding.kind === 'Connection' && regarding.name === name)
      .sort((a, b) => a.eventTime.localeCompare(b.eventTime))
      .map(({ type, reason, note }) => ({ type, reason, message: note }));
  }

  /** What the operator wrote into this namespace so far, events and dry runs aside. */
  async operatorWrites(): Promise<readonly WriteRecord[]> {
    return (await sharedCluster().writes()).filter(
      ({ user, namespace, resource, dryRun }) =>
        user === operatorUser && namespace === this.namespace && resource !== 'events' && !dryRun,
    );
  }

  /**
   * Returns when the operator has seen everything that was done to Connections here before: it was given another one
   * afterwards, and has issued it.
   */
  async settle(): Promise<void> {
    const name = `settled-${crypto.randomUUID().slice(0, 8)}`;
    await this.issue(name);
    await this.delete(name);
  }

  #connections(name?: string): string {
    return [collectionPath('Connection', this.namespace), ...(name === undefined ? [] : [name])].join('/');
  }

  #secrets(name?: string): string {
    return [`/api/v1/namespaces/${this.namespace}/secrets`, ...(name === undefined ? [] : [name])].join('/');
  }

  /** Takes the generated values of a Secret, also those in its templates, to those that were seen. */
  remember(secret: Secret): Secret {
    for (const text of Object.values(textsOf(secret))) {
      for (const [value] of text.matchAll(/(?:csec|cpwd)_[0-9A-Za-z]{49}/g)) this.seen.add(value);
    }
    return secret;
  }

  async #send<T>(request: ApiRequest): Promise<T> {
    const answer: ApiAnswer<T> = await sharedCluster().request<T>(request);
    if (answer.status < 300) return answer.body;
    const { message } = answer.body as { message?: string };
    throw new Error(`${request.method ?? 'GET'} ${request.path}: ${answer.status} ${message}`);
  }
}

interface RawEvent {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly eventTime: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

/** The plain texts of a Secret. */
export function textsOf(secret: Secret): Readonly<Record<string, string>> {
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

export function conditionOf(connection: Connection, type: string): Condition | undefined {
  return connection.status?.conditions?.find((condition) => condition.type === type);
}

/** The `Ready` condition, which is always there. */
export function readyOf(connection: Connection): Condition {
  const ready = conditionOf(connection, 'Ready');
  if (!ready) throw new Error(`${connection.metadata.name} has no Ready condition`);
  return ready;
}
