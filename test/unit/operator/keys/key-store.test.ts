import { describe, expect, test } from 'vitest';
import type { Secret } from '../../../../src/api/secret.ts';
import { systemRandom } from '../../../../src/credentials/random-source.ts';
import type { KubeClient } from '../../../../src/kube/kube-client.ts';
import { KubeError } from '../../../../src/kube/kube-error.ts';
import { silentLog } from '../../../../src/kube/kube-log.ts';
import { decideKeys } from '../../../../src/operator/keys/decide-keys.ts';
import { KeyStore } from '../../../../src/operator/keys/key-store.ts';
import { now } from '../../credentials/build-connection.ts';

const metadata = { namespace: 's', name: 'keys', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
const observed = { secret: undefined, named: undefined, signingKeyInterval: Number.POSITIVE_INFINITY };
const makeSecret = (): Secret => ({ metadata, data: decideKeys(observed, now, systemRandom).data });

/** A store of a key Secret that a test changes; it counts how often Connections have to be looked at anew. */
function buildStore(start: Secret | undefined) {
  const there = { secret: start, looks: 0 };
  const get = async () => {
    if (there.secret) return structuredClone(there.secret);
    throw new KubeError({ code: 'NotFound', status: 404, sentence: 'no keys' });
  };
  const store = new KeyStore({
    client: { get } as Partial<KubeClient> as KubeClient,
    secret: { namespace: 's', name: 'keys' },
    signingKeyInterval: Number.POSITIVE_INFINITY,
    clock: () => now,
    random: systemRandom,
    log: silentLog,
    findNamed: () => undefined,
    onRing: () => {
      there.looks++;
    },
    isLeader: () => true,
  });
  return { store, there };
}

describe('keys that are asked for', () => {
  test('are those that the API server has now, and count from then on', async () => {
    const { store, there } = buildStore(makeSecret());
    const first = await store.readRing();
    there.secret = makeSecret();
    const second = await store.readRing();
    expect(second.newest).not.toBe(first.newest);
    expect(store.ring()).toBe(second);
    expect(there.looks).toBe(2);
  });

  test('that are the same cause nothing, and are the same ring', async () => {
    const { store, there } = buildStore(makeSecret());
    const first = await store.readRing();
    expect(await store.readRing()).toBe(first);
    expect(there.looks).toBe(1);
  });

  test('are the last ones while the key Secret is gone, or holds none', async () => {
    const { store, there } = buildStore(makeSecret());
    const { newest } = await store.readRing();
    there.secret = undefined;
    expect((await store.readRing()).newest).toBe(newest);
    there.secret = { metadata, data: {} };
    expect((await store.readRing()).newest).toBe(newest);
  });

  test('cannot be told before there were any', () => {
    expect(() => buildStore(undefined).store.ring()).toThrow('not started');
  });
});
