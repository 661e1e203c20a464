import { isDeepStrictEqual } from 'node:util';
import type { Connection, ConnectionStatus } from '../../../../src/api/generated/connection.ts';
import { managerName } from '../../../../src/api/names.ts';
import type { ManagedFieldsEntry } from '../../../../src/api/object-meta.ts';
import type { Secret, SecretDraft } from '../../../../src/api/secret.ts';
import { KubeError, type KubeErrorCode } from '../../../../src/kube/kube-error.ts';

/** What happened to one object; `object` is what is stored now, or was stored last when it was deleted. */
export interface ServerChange {
  readonly by: string;
  readonly kind: 'connection' | 'secret';
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: Connection | Secret;
  readonly previous: Connection | Secret | undefined;
}

/** Who writes; the API server notes all operators as one field manager. */
export type Writer = string;

const statusOf: Readonly<Partial<Record<KubeErrorCode, number>>> = {
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Forbidden: 403,
  Invalid: 422,
};

/**
 * Connections and Secrets as an API server keeps them: conditional writes, the status apart from the rest, immutable
 * Secrets, an update that changes nothing writes nothing. Everything that goes in or out is copied as JSON would.
 */
export class ModelServer {
  /** Milliseconds since the epoch. */
  now: number;
  /** Whether a quota or policy refuses every Secret that is created or changed. */
  refusesSecrets = false;
  /** Writes of anybody but people that changed something. */
  operatorWrites = 0;
  /** Told of every change, at once and in order. */
  readonly onChange: ((change: ServerChange) => void)[] = [];
  readonly #connections = new Map<string, Connection>();
  readonly #secrets = new Map<string, Secret>();
  #version = 100;
  #uids = 0;

  constructor(now: number) {
    this.now = now;
  }

  get connections(): Iterable<Connection> {
    return this.#connections.values();
  }

  get secrets(): Iterable<Secret> {
    return this.#secrets.values();
  }

  readConnection(key: string): Connection {
    return copy(this.#connections.get(key) ?? fail('NotFound', `connection ${key}`));
  }

  readSecret(key: string): Secret {
    return copy(this.#secrets.get(key) ?? fail('NotFound', `secret ${key}`));
  }

  createConnection(namespace: string, name: string, from: Pick<Connection, 'spec'> & Partial<Connection>): Connection {
    const key = `${namespace}/${name}`;
    if (this.#connections.has(key)) fail('AlreadyExists', key);
    const pending = {
      type: 'Ready',
      status: 'Unknown' as const,
      reason: 'Pending',
      message: 'Waiting for the operator',
      observedGeneration: 0,
      lastTransitionTime: '1970-01-01T00:00:00Z',
    };
    const annotations = from.metadata?.annotations;
    const object: Connection = {
      apiVersion: 'connect.pim.dev/v1beta1',
      kind: 'Connection',
      metadata: { ...this.#newMeta(namespace, name), generation: 1, ...(annotations && { annotations }) },
      spec: from.spec,
      status: from.status ?? { conditions: [pending] },
    };
    return this.#store('person', this.#connections, 'connection', key, object);
  }

  /** What a person with all rights does to metadata and spec. */
  editConnection(key: string, edit: (connection: Mutable<Connection>) => void): void {
    const stored = this.readConnection(key);
    const edited = copy(stored);
    edit(edited as Mutable<Connection>);
    if (isDeepStrictEqual(stored, edited)) return;
    const isNewSpec = !isDeepStrictEqual(stored.spec, edited.spec);
    const generation = stored.metadata.generation + (isNewSpec ? 1 : 0);
    const metadata = { ...edited.metadata, generation };
    this.#store('person', this.#connections, 'connection', key, { ...edited, metadata });
  }

  replaceStatus(by: Writer, key: string, body: { metadata: VersionedMeta; status: ConnectionStatus }): Connection {
    const stored = this.readConnection(key);
    checkVersion(stored.metadata, body.metadata);
    if (isDeepStrictEqual(stored.status, copy(body.status))) return stored;
    return this.#store(by, this.#connections, 'connection', key, { ...stored, status: body.status });
  }

  deleteConnection(key: string): void {
    this.#drop('person', this.#connections, 'connection', key);
  }

  createSecret(by: Writer, draft: SecretDraft | Secret, dryRun = false): Secret {
    const { namespace, name } = draft.metadata;
    const key = `${namespace}/${name}`;
    // Quota and policies speak first.
    this.#admit(by);
    if (this.#secrets.has(key)) fail('AlreadyExists', key);
    const { managedFields: _managed, ...given } = draft.metadata as Secret['metadata'];
    const metadata = {
      ...given,
      ...this.#newMeta(namespace, name),
      managedFields: this.#managedBy(by, undefined, given),
    };
    const object = { ...draft, metadata } as Secret;
    return dryRun ? copy(object) : this.#store(by, this.#secrets, 'secret', key, object);
  }

  replaceSecret(by: Writer, draft: SecretDraft | Secret, dryRun = false): Secret {
    const { namespace, name } = draft.metadata;
    const key = `${namespace}/${name}`;
    const stored = this.readSecret(key);
    checkVersion(stored.metadata, draft.metadata);
    if ((stored.type ?? 'Opaque') !== (draft.type ?? 'Opaque')) fail('Invalid', 'type is immutable');
    const isSameData = isDeepStrictEqual(stored.data ?? {}, copy(draft.data ?? {}));
    if (stored.immutable === true && !(isSameData && draft.immutable === true)) fail('Invalid', 'it is immutable');
    this.#admit(by);
    const { managedFields = [], uid, creationTimestamp, resourceVersion } = stored.metadata;
    const metadata = { ...draft.metadata, uid, resourceVersion, creationTimestamp, managedFields };
    const object: Secret = copy({ ...draft, metadata });
    if (isDeepStrictEqual({ ...stored }, object)) return stored;
    const managed = { ...metadata, managedFields: this.#managedBy(by, stored, draft.metadata) };
    return dryRun ? copy(object) : this.#store(by, this.#secrets, 'secret', key, { ...object, metadata: managed });
  }

  deleteSecret(by: Writer, key: string, preconditions: Partial<VersionedMeta> = {}): void {
    const { metadata } = this.readSecret(key);
    if (by !== 'person' && by !== 'collector') checkVersion(metadata, preconditions);
    this.#drop(by, this.#secrets, 'secret', key);
  }

  /** What the garbage collector does: Secrets go whose owners are all gone. */
  collectGarbage(): void {
    const alive = new Set([...this.#connections.values()].map(({ metadata }) => metadata.uid));
    for (const [key, { metadata }] of [...this.#secrets]) {
      const owners = metadata.ownerReferences ?? [];
      if (owners.length > 0 && !owners.some(({ uid }) => alive.has(uid))) this.deleteSecret('collector', key);
    }
  }

  #admit(by: Writer): void {
    if (this.refusesSecrets && by !== 'person') fail('Forbidden', 'exceeded quota: secrets');
  }

  #newMeta(namespace: string, name: string) {
    const uid = `uid-${++this.#uids}`;
    return { namespace, name, uid, resourceVersion: '', creationTimestamp: this.#time() };
  }

  /** Who changes a label or an annotation owns it; what others own stays theirs as long as it is there. */
  #managedBy(writer: Writer, stored: Secret | undefined, after: MetadataMaps): readonly ManagedFieldsEntry[] {
    const before = stored?.metadata.managedFields ?? [];
    const by = writer.startsWith('operator') ? managerName : writer;
    const managers = new Set([...before.flatMap(({ manager }) => manager ?? []), by]);
    const fieldsOf = (map: 'labels' | 'annotations', name: string): Record<string, object> => {
      const known = before.find(({ manager }) => manager === name)?.fieldsV1?.['f:metadata']?.[`f:${map}`] ?? {};
      const isChanged = (key: string): boolean => stored?.metadata[map]?.[key] !== after[map]?.[key];
      const names = Object.keys(after[map] ?? {}).filter((key) => (isChanged(key) ? name === by : `f:${key}` in known));
      return Object.fromEntries(names.map((key) => [`f:${key}`, {}]));
    };
    return [...managers].map((manager) => ({
      manager,
      time: manager === by ? this.#time() : (before.find((entry) => entry.manager === manager)?.time ?? ''),
      fieldsV1: {
        'f:metadata': { 'f:labels': fieldsOf('labels', manager), 'f:annotations': fieldsOf('annotations', manager) },
      },
    }));
  }

  #time(): string {
    return new Date(this.now).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  #store<T extends Connection | Secret>(
    by: Writer,
    store: Map<string, T>,
    kind: ServerChange['kind'],
    key: string,
    object: T,
  ): T {
    const previous = store.get(key);
    const stored = copy({ ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } });
    store.set(key, stored);
    this.#tell({ by, kind, type: previous ? 'modified' : 'added', object: stored, previous });
    return copy(stored);
  }

  #drop<T extends Connection | Secret>(
    by: Writer,
    store: Map<string, T>,
    kind: ServerChange['kind'],
    key: string,
  ): void {
    const previous = store.get(key) ?? fail('NotFound', key);
    store.delete(key);
    const metadata = { ...previous.metadata, resourceVersion: String(++this.#version) };
    this.#tell({ by, kind, type: 'deleted', object: { ...previous, metadata }, previous });
  }

  #tell(change: ServerChange): void {
    if (change.by !== 'person' && change.by !== 'collector') this.operatorWrites++;
    for (const listener of this.onChange) listener(change);
  }
}

interface MetadataMaps {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface VersionedMeta {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** An object whose fields a test may change. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object | undefined ? Mutable<T[K]> : T[K] };

/** No program of ours may send a write that would undo what it has not seen. */
function checkVersion(stored: VersionedMeta, sent: VersionedMeta): void {
  if (sent.resourceVersion === undefined || sent.uid === undefined) throw new Error('an unconditional write');
  if (sent.uid !== stored.uid || sent.resourceVersion !== stored.resourceVersion) fail('Conflict', 'it changed');
}

function fail(code: KubeErrorCode, sentence: string): never {
  throw new KubeError({ code, status: statusOf[code] ?? 500, sentence });
}

/** What the other side of the network would see. */
export function copy<T>(object: T): T {
  return JSON.parse(JSON.stringify(object)) as T;
}
