import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildGatewayKeys, isComplete } from '../../../../src/gateway/keys/gateway-keys.ts';
import { WatchedKeys } from '../../../../src/gateway/keys/watched-keys.ts';
import type { LogFields } from '../../../../src/kube/kube-log.ts';
import { MemoryCluster } from '../directory/memory-cluster.ts';
import { buildKeySecret, makeKeyData } from './build-key-secret.ts';

const encode = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');

describe('the keys in a key Secret', () => {
  test('the newest of each kind makes, all are accepted, oldest first', () => {
    const [old, young] = [makeKeyData(undefined, 1_000), makeKeyData(undefined, 2_000)];
    const keys = buildGatewayKeys({ ...young, ...old });
    const idsOf = (data: object, kind: string): string[] =>
      Object.keys(data).flatMap((name) => (name.startsWith(`${kind}-`) ? [name.slice(kind.length + 1)] : []));
    expect(keys?.signing.map(({ id }) => id)).toEqual([...idsOf(old, 'signing'), ...idsOf(young, 'signing')]);
    expect(keys?.sessions.map(({ id }) => id)).toEqual([...idsOf(old, 'session'), ...idsOf(young, 'session')]);
    expect([keys?.newestSigning?.id]).toEqual(idsOf(young, 'signing'));
    expect([keys?.newestSession?.id]).toEqual(idsOf(young, 'session'));
    expect([keys?.ring?.newest]).toEqual(idsOf(young, 'verifier'));
    expect(keys?.findSigning(idsOf(old, 'signing')[0] ?? '')).toBe(keys?.signing[0]);
    for (const id of ['', '__proto__', 'toString', 'x']) expect(keys?.findSigning(id)).toBeUndefined();
  });

  test('two keys under one id have two fingerprints, the same key has one', () => {
    const data = makeKeyData(['signing']);
    const [name = ''] = Object.keys(data);
    const [other = ''] = Object.values(makeKeyData(['signing']));
    const fingerprint = (given: Record<string, string>) => buildGatewayKeys(given)?.newestSigning?.fingerprint;
    expect(fingerprint(data)).toBe(fingerprint({ ...data }));
    expect(fingerprint({ [name]: other })).not.toBe(fingerprint(data));
  });

  test('what is no key is left out: another kind of key, garbage, a wrong length', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { publicKey } = generateKeyPairSync('ed25519');
    const good = makeKeyData(['signing'], 1_000);
    const keys = buildGatewayKeys({
      ...good,
      'signing-9-ec': encode(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      'signing-9-public': encode(publicKey.export({ type: 'spki', format: 'pem' })),
      'signing-9-garbage': encode(randomBytes(64)),
      'session-9-long': encode(randomBytes(33)),
      'session-9-short': encode(randomBytes(31)),
      'verifier-9-short': encode(randomBytes(16)),
      other: encode('x'),
    });
    expect(keys?.signing).toHaveLength(1);
    expect(keys?.sessions).toEqual([]);
    expect(keys?.ring).toBeUndefined();
    expect(isComplete(keys)).toBe(false);
  });

  test('none without a Secret', () => {
    expect(buildGatewayKeys(undefined)).toBeUndefined();
    expect(isComplete(undefined)).toBe(false);
  });
});

class KeysDesk {
  readonly cluster = new MemoryCluster();
  readonly keys: WatchedKeys;
  readonly lines: [fields: LogFields, message: string][] = [];
  readonly #stop = new AbortController();

  constructor() {
    const warn = (fields: LogFields, message: string): void => void this.lines.push([fields, message]);
    const log = { debug() {}, info() {}, error: warn, warn };
    const secret = { namespace: 'connection-system', name: 'connection-keys' };
    this.keys = new WatchedKeys({ client: this.cluster.client, log, secret });
    onTestFinished(() => this.#stop.abort());
  }

  async start(): Promise<void> {
    await this.keys.start(this.#stop.signal);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the key Secret', () => {
  test('that is there from the beginning', async () => {
    const desk = new KeysDesk();
    await desk.cluster.put(buildKeySecret(makeKeyData()));
    await desk.start();
    expect(isComplete(desk.keys.current)).toBe(true);
    expect(desk.lines).toEqual([]);
    expect(performance.now() - desk.keys.lastAlive()).toBeLessThan(5_000);
  });

  test('that is not there yet: said, and taken when it comes', async () => {
    const desk = new KeysDesk();
    await desk.start();
    expect(desk.keys.current).toBeUndefined();
    expect(desk.lines).toEqual([
      [
        { secret: 'connection-system/connection-keys' },
        'there is no key Secret: no token is made or accepted until the operator has made it',
      ],
    ]);
    await desk.cluster.put(buildKeySecret(makeKeyData()));
    expect(isComplete(desk.keys.current)).toBe(true);
  });

  test('that is deleted and comes back', async () => {
    const desk = new KeysDesk();
    const secret = await desk.cluster.put(buildKeySecret(makeKeyData()));
    await desk.start();
    const before = desk.keys.current?.newestSigning?.fingerprint;
    await desk.cluster.remove(secret);
    expect(desk.keys.current).toBeUndefined();
    await desk.cluster.put(secret);
    expect(desk.keys.current?.newestSigning?.fingerprint).toBe(before);
  });

  test('that lacks a kind: the others count, and it is said', async () => {
    const desk = new KeysDesk();
    await desk.cluster.put(buildKeySecret(makeKeyData(['signing', 'verifier'])));
    await desk.start();
    expect(desk.keys.current?.newestSigning).toBeDefined();
    expect(desk.keys.current?.newestSession).toBeUndefined();
    expect(desk.lines.map(([, message]) => message)).toEqual([
      'the key Secret lacks a kind of key that the operator adds: no tokens until it is there',
    ]);
  });

  test('without data', async () => {
    const desk = new KeysDesk();
    const { data: _, ...empty } = buildKeySecret({});
    await desk.cluster.put(empty);
    await desk.start();
    expect(desk.keys.current?.signing).toEqual([]);
  });

  test('is one by name: another Secret beside it is not looked at', async () => {
    const desk = new KeysDesk();
    const other = buildKeySecret(makeKeyData());
    await desk.cluster.put({ ...other, metadata: { ...other.metadata, name: 'connection-keys-2' } });
    await desk.cluster.put({ ...other, metadata: { ...other.metadata, namespace: 'elsewhere' } });
    await desk.start();
    expect(desk.keys.current).toBeUndefined();
  });

  test('no key stands in a log line', async () => {
    const desk = new KeysDesk();
    const data = makeKeyData(['session']);
    await desk.cluster.put(buildKeySecret(data));
    await desk.start();
    const said = JSON.stringify(desk.lines);
    for (const value of Object.values(data)) expect(said).not.toContain(value);
  });
});
